// What the scenarios of signing in share.

import { checksTokens, routes } from "../../../cdk/routes/index.ts";
import type { Scenario } from "../../support/scenario.ts";
import type { Guest, Stage } from "../../support/stage.ts";
import { type Admin, localScenario } from "./admin.ts";
import { IdentityProvider, SigningKey } from "./identity-provider.ts";

interface Fixtures {
  readonly stage: Stage;
  readonly admin: Admin;
  readonly provider: IdentityProvider;
  /** The provider's only key; no function has read it yet. */
  readonly key: SigningKey;
}

export const tokenRoutes = routes.filter(checksTokens);

/** A scenario that needs the tests' identity provider. */
export function signIn(
  name: string,
  routes: readonly string[],
  steps: (fixtures: Fixtures) => Promise<void>,
): Scenario {
  return localScenario(name, routes, async (stage, admin) => {
    const { issuer } = stage.addresses;
    if (issuer === undefined) throw new Error("This local cloud trusts no identity provider.");
    const provider = new IdentityProvider(issuer);
    const key = SigningKey.ec();
    await provider.publish(key);
    await admin.restartFunctions(tokenRoutes);
    await steps({ stage, admin, provider, key });
  });
}

/** Returns the person that a token belongs to. */
export async function personOf(stage: Stage, token: string): Promise<Guest> {
  const api = stage.apiOf(token);
  return { ...(await api.me()), token, api };
}
