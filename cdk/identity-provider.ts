// The identity provider of a stage: one that exists, or an Amazon Cognito user pool of the stack.
import { Aws, Fn, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { botsOf } from "./bots-setting.ts";
import { leftOut } from "./routes/capabilities.ts";
import { SettingError } from "./setting-error.ts";
import type { Stage } from "./stages.ts";
import { UserPool } from "./user-pool.ts";

/** Whose tokens the functions accept, and where the page signs people in. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;
}

/** Returns the stage's identity provider, if it has one. */
export function identityProvider(scope: Construct, stage: Stage, siteUrl: string): IdentityProvider | undefined {
  const { signIn } = stage;
  if (signIn !== "cognito") return signIn && { audience: signIn.clientId, ...signIn };
  return new UserPool(scope, "UserPool", { stage, siteUrl, domainPrefix: domainPrefix(Stack.of(scope)) });
}

/**
 * The part of the page's `config.json` that says who may enter, and how, which bots there are, whether rooms are reviewed, and
 * what is left out.
 */
export function pageSettings(stage: Stage, provider: IdentityProvider | undefined) {
  const bots = botsOf(stage).map(({ name, title, description }) => ({ name, title, description }));
  const review = stage.review && (stage.review.required ? "required" : "offered");
  const without = leftOut(stage.without);
  const settings = {
    guests: stage.guests ?? true,
    ...(bots.length > 0 && { bots }),
    ...(review && { review }),
    ...(without.length > 0 && { without }),
  };
  if (!provider) return settings;
  const { issuer, clientId, audience } = provider;
  return { ...settings, signIn: { issuer, clientId, sends: audience === clientId ? "idToken" : "accessToken" } };
}

/**
 * Origins that the page may connect to for signing in. They must not refer to the user pool: its client needs the address of the
 * distribution, whose headers contain these.
 */
export function signInOrigins(stack: Stack, { signIn }: Stage): readonly string[] {
  if (signIn === undefined) return [];
  if (signIn !== "cognito") {
    const { issuer, tokenOrigin = new URL(issuer).origin } = signIn;
    return [...new Set([new URL(issuer).origin, tokenOrigin])];
  }
  return [
    `https://cognito-idp.${stack.region}.amazonaws.com`,
    `https://${domainPrefix(stack)}.auth.${stack.region}.amazoncognito.com`,
  ];
}

/** The name of the login page's domain: unique among all accounts, because the stack's id is random. */
function domainPrefix({ stackName }: Stack): string {
  if (/aws|amazon|cognito/.test(stackName)) {
    throw new SettingError(
      `Amazon Cognito accepts no login page for "${stackName}": its name must not contain aws, amazon or cognito.`,
    );
  }
  // arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>
  const uuid = Fn.select(2, Fn.split("/", Aws.STACK_ID));
  return `${stackName.toLowerCase()}-${Fn.select(0, Fn.split("-", uuid))}`;
}
