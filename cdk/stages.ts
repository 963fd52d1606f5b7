// The settings of each stage: one stack per stage, chosen by `-c stage=<name>`.
import { RetentionDays } from "aws-cdk-lib/aws-logs";

export type StageName = "local" | "dev" | "prod";

export interface Stage {
  readonly name: StageName;
  /**
   * Whether the stage's data outlives mistakes: the stack and its tables refuse to be deleted, tables can be restored
   * to any second of the last 35 days (so deleted messages survive that long), and tables and the token key are kept when
   * the stack goes after all. Not those tables that may be lost: Connections and Limits.
   */
  readonly keepsData: boolean;
  /** How long the functions' logs, and the access logs, are kept. */
  readonly logRetention: RetentionDays;
  /** Of each route of the WebSocket API, for all people together: new connections, and frames of one action. What exceeds it is refused. */
  readonly webSocketThrottle: Throttle;
  /** Of each route of the HTTP API, for all people together. What exceeds it is answered with 429. */
  readonly httpThrottle: Throttle;
  /** What one person, connection or address may do; what exceeds it is refused with `rateLimited`. */
  readonly rates: Rates;
  /**
   * Whether API Gateway logs each WebSocket connection and frame (never its text). Needs the account-wide CloudWatch
   * role of API Gateway, which a fresh account lacks: the deployment says so, and fails.
   */
  readonly webSocketAccessLogs: boolean;
  /**
   * How many copies of each function may run at once: a fuse against cost. Each reserves its number out of the
   * account's concurrency, of which 100 must stay unreserved: a fresh account, with 10 in all, refuses to deploy any.
   */
  readonly reservedConcurrency?: number;
  /**
   * Whose pages may connect, exactly as browsers write an origin: `https://chat.example.org`, in small letters, without
   * a slash at the end. Unless set, the stage's own page alone. Clients that are no browsers are not concerned.
   */
  readonly origins?: readonly string[];
  /**
   * Where people may sign in: an OpenID provider, whose tokens are then accepted beside guest tokens. `issuer` is exactly
   * what its tokens have as `iss`; `audience` what they have as `aud`, or Amazon Cognito's access tokens as `client_id`.
   */
  readonly oidc?: { readonly issuer: string; readonly audience: string };
  /**
   * The firewall before CloudFront: the ARN of a web ACL of AWS WAF, of scope CLOUDFRONT. Where it is set, what comes past
   * CloudFront is refused. A web ACL costs by the month.
   */
  readonly webAclArn?: string;
  /** The port on localhost where the local cloud listens. Only the stage `local` has one. */
  readonly emulatorPort?: number | undefined;
}

/**
 * Of one route. All routes of all APIs of an account in a Region, and all posts to connections, share the account's quota:
 * 10,000 requests per second and 5,000 at once, or 2,500 and 1,250 in 13 Regions
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
 */
export interface Throttle {
  /** Requests per second, sustained. */
  readonly rateLimit: number;
  /** Requests at once, above the sustained rate. */
  readonly burstLimit: number;
}

/** Token buckets: `burst` at once, and `perMinute` in the long run. */
export interface Rates {
  /** Frames of one connection. */
  readonly frames: Rate;
  /** Frames of one person in one room, by whatever connection; and what one person does to the rooms they own. */
  readonly roomFrames: Rate;
  /** Refusals of one connection for want of rate; whoever exceeds this is disconnected. At least as many a minute as frames. */
  readonly refusals: Rate;
  /** New connections of one person with a token. */
  readonly connects: Rate;
  /** New connections of one address, of all people with a token there. */
  readonly connections: Rate;
  /** New guests of one address: sessions, and connections without a token. */
  readonly guests: Rate;
  /** Rooms made from one address. */
  readonly rooms: Rate;
}

export interface Rate {
  /** Divides 60,000. */
  readonly perMinute: number;
  readonly burst: number;
}

const rates: Rates = {
  frames: { perMinute: 600, burst: 100 },
  roomFrames: { perMinute: 300, burst: 50 },
  refusals: { perMinute: 600, burst: 100 },
  connects: { perMinute: 30, burst: 60 },
  connections: { perMinute: 300, burst: 600 },
  guests: { perMinute: 60, burst: 300 },
  rooms: { perMinute: 10, burst: 100 },
};

const dev: Stage = {
  name: "dev",
  keepsData: false,
  logRetention: RetentionDays.ONE_WEEK,
  webSocketThrottle: { rateLimit: 200, burstLimit: 200 },
  httpThrottle: { rateLimit: 50, burstLimit: 100 },
  rates,
  webSocketAccessLogs: false,
};

const prod: Stage = {
  name: "prod",
  keepsData: true,
  logRetention: RetentionDays.THREE_MONTHS,
  webSocketThrottle: { rateLimit: 1_000, burstLimit: 500 },
  httpThrottle: { rateLimit: 200, burstLimit: 200 },
  rates,
  webSocketAccessLogs: false,
};

/** The audience of whoever is given as the local stage's issuer. */
export const LOCAL_AUDIENCE = "parlor-local";

const plenty: Rate = { perMinute: 60_000, burst: 1_000 };

/** Everyone on a laptop has the same address. */
const local: Stage = {
  ...dev,
  name: "local",
  rates: { ...rates, connections: plenty, guests: plenty, rooms: plenty },
  emulatorPort: 4566,
};

export const stages: Record<StageName, Stage> = { local, dev, prod };

/**
 * Everything that `local` does otherwise than AWS, and why. `changes` are the places in the template, written as
 * `<resource type> <logical id> <property path>`; a test fails when another place differs, `npm run diff:local` prints them.
 */
export const localDifferences = [
  {
    name: "host build",
    why: "The local cloud runs functions as processes of this computer: plain cargo builds them for its processor.",
    changes: [/^AWS::Lambda::Function \S+ Architectures/],
  },
  {
    name: "addresses",
    why: "The local cloud answers on localhost, addresses APIs by path, and its CloudFront takes no WebSockets.",
    changes: [
      /^AWS::Lambda::Function \S+ Environment\.Variables\.(CALLBACK_URL|SITE_URL|ORIGINS)$/,
      /^AWS::CloudFront::Distribution \S+ DistributionConfig\.Origins\.1\./,
      /^AWS::CloudFront::ResponseHeadersPolicy \S+ \S+\.ContentSecurityPolicy\.ContentSecurityPolicy$/,
      /^Output (SiteUrl|WebSocketUrl|ApiUrl) /,
    ],
  },
  {
    name: "plain http",
    why: "The local cloud has no certificate: its CloudFront and its bucket accept http.",
    changes: [
      /^AWS::CloudFront::Distribution \S+ \S+\.ViewerProtocolPolicy$/,
      /^AWS::S3::BucketPolicy SiteBucket\S+ .*aws:SecureTransport/,
    ],
  },
  {
    name: "page upload",
    why: "The local cloud lacks what BucketDeployment runs on (boto3, the AWS CLI): `npm start` uploads the page.",
    changes: [/^\S+ Page\S+ /, /^\S+ CustomCDKBucketDeployment\S+ /],
  },
] as const;

/** A setting, or a stage asked for, that cannot be. Its message says all that is needed. */
export class SettingError extends Error {}

/** Finds a stage by the CDK context's values, and checks it. Port and issuer are for the local stage. */
export function readStage(name: unknown, port?: unknown, issuer?: unknown): Stage {
  if (!isStageName(name)) {
    const names = Object.keys(stages).join(", ");
    throw new SettingError(`There is no stage "${name}". Choose one of ${names}, for example: cdk deploy -c stage=dev`);
  }
  const stage = stages[name];
  if (stage.emulatorPort === undefined) return checked(stage);
  return checked({
    ...stage,
    ...(port ? { emulatorPort: Number(port) } : {}),
    ...(issuer ? { oidc: { issuer: String(issuer), audience: LOCAL_AUDIENCE } } : {}),
  });
}

function isStageName(name: unknown): name is StageName {
  return typeof name === "string" && Object.hasOwn(stages, name);
}

/** The stage, if its settings can be. */
export function checked(stage: Stage): Stage {
  const whole = (field: string, value: number | undefined, most: number) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most)) {
      throw new SettingError(
        `Stage "${stage.name}": ${field} is ${value}, but must be a whole number from 1 to ${most}.`,
      );
    }
  };
  whole("webSocketThrottle.rateLimit", stage.webSocketThrottle.rateLimit, 1_000_000);
  whole("webSocketThrottle.burstLimit", stage.webSocketThrottle.burstLimit, 1_000_000);
  whole("httpThrottle.rateLimit", stage.httpThrottle.rateLimit, 1_000_000);
  whole("httpThrottle.burstLimit", stage.httpThrottle.burstLimit, 1_000_000);
  for (const [name, { perMinute, burst }] of Object.entries(stage.rates)) {
    if (!(perMinute >= 1 && Number.isInteger(60_000 / perMinute))) {
      throw new SettingError(
        `Stage "${stage.name}": rates.${name}.perMinute is ${perMinute}, but must divide 60,000: the milliseconds for one are a whole number.`,
      );
    }
    whole(`rates.${name}.burst`, burst, 10_000);
  }
  const { frames, refusals } = stage.rates;
  if (refusals.perMinute < frames.perMinute) {
    throw new SettingError(
      `Stage "${stage.name}": rates.refusals.perMinute is ${refusals.perMinute}, less than the ${frames.perMinute} of frames: a client that waits as it is told to would be disconnected.`,
    );
  }
  whole("reservedConcurrency", stage.reservedConcurrency, 1_000);
  whole("emulatorPort", stage.emulatorPort, 65_535);
  for (const origin of stage.origins ?? []) {
    if (!isOrigin(origin)) {
      throw new SettingError(
        `Stage "${stage.name}": origins has "${origin}", but must have origins as browsers write them: https://chat.example.org.`,
      );
    }
  }
  const { oidc, webAclArn } = stage;
  if (webAclArn !== undefined && stage.name === "local") {
    throw new SettingError(`Stage "local": webAclArn is set, but WebSockets do not pass the local cloud's CloudFront.`);
  }
  if (webAclArn !== undefined && !isWebAclArn(webAclArn)) {
    throw new SettingError(
      `Stage "${stage.name}": webAclArn is "${webAclArn}", but must be like ` +
        "arn:aws:wafv2:us-east-1:123456789012:global/webacl/<name>/<id>: CloudFront takes no other.",
    );
  }
  if (oidc && !isIssuer(oidc.issuer, stage.name === "local")) {
    throw new SettingError(
      `Stage "${stage.name}": oidc.issuer is "${oidc.issuer}", but must be an address that begins with https://.`,
    );
  }
  if (oidc?.audience === "") throw new SettingError(`Stage "${stage.name}": oidc.audience is empty.`);
  return stage;
}

/** An issuer on this computer needs no certificate, but only the local stage may trust one. */
function isIssuer(text: string, mayBeLocal: boolean): boolean {
  if (!URL.canParse(text) || /[\s?#]/.test(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (mayBeLocal && protocol === "http:" && /^(127\.0\.0\.1|localhost)$/.test(hostname));
}

function isWebAclArn(text: string): boolean {
  return /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/.test(text);
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
