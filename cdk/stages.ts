// The settings of the stages, chosen by `-c stage=<name>`. Each stage is one stack and, with a domain, a second one for its
// certificate.
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { type BotSetting, validateBots } from "./bots-setting.ts";
import { type MonthlyBudget, monthlyBudgetProblem } from "./budget-setting.ts";
import { type Domain, domainProblem } from "./domain.ts";
import { type ReviewSetting, validateReview } from "./review-setting.ts";
import { type Capability, withoutProblem } from "./routes/capabilities.ts";
import { SettingError } from "./setting-error.ts";
import { isEmailAddress, isOrigin, isWebAclArn } from "./setting-formats.ts";
import { type SignIn, validateSignIn } from "./sign-in-setting.ts";
import { type TableNames, tablesProblem } from "./table-names.ts";

export { SettingError };

export type StageName = "local" | "dev" | "prod";

export interface Stage {
  readonly name: StageName;
  /**
   * Protects the stage's data against mistakes: the stack and its tables refuse to be deleted, tables can be restored to any
   * second of the last 35 days (so deleted messages survive that long), and tables, the token key and a user pool are retained
   * if the stack is deleted. Excludes the tables that may be lost: Connections and Limits.
   */
  readonly keepsData: boolean;
  /** How long functions' logs and access logs are kept. */
  readonly logRetention: RetentionDays;
  /** Per route of the WebSocket API, for everyone together: new connections, and frames of one action. API Gateway refuses more. */
  readonly webSocketThrottle: Throttle;
  /** Per route of the HTTP API, for everyone together. API Gateway answers more with 429. */
  readonly httpThrottle: Throttle;
  /** Rates of one person, connection or address. More is refused with `rateLimited`. */
  readonly rates: Rates;
  /**
   * Whether API Gateway logs each WebSocket connection and frame (never its text). Requires the account-wide CloudWatch role of
   * API Gateway. A new account does not have it, and the deployment fails with that message.
   */
  readonly webSocketAccessLogs: boolean;
  /**
   * The maximum number of concurrent executions of each function, as a safeguard against cost. Each function reserves that many
   * of the account's concurrency, and 100 must stay unreserved: a new account, which has 10, refuses to deploy any.
   */
  readonly reservedConcurrency?: number;
  /**
   * Origins whose pages may connect besides the stage's own, exactly as browsers write them: `https://chat.example.org`, in lower
   * case, without a trailing slash. Does not affect clients other than browsers.
   */
  readonly origins?: readonly string[];
  /** The identity provider that people can sign in with. Without it, everyone is a guest. */
  readonly signIn?: SignIn;
  /** Whether people may enter without signing in. Defaults to true; `false` needs `signIn`. */
  readonly guests?: boolean;
  /**
   * A room of the stage's own, named so: always there, open to everyone, owned by nobody, first in the lobby. A new name renames
   * it within a minute. Its log is kept until somebody deletes it.
   */
  readonly commons?: { readonly name: string };
  /** Bots that answer when people write to them. Without any, the stage has nothing of theirs. */
  readonly bots?: readonly BotSetting[];
  /** Whether the same text of a person in many rooms counts as spam. Costs a write for each message of some length. */
  readonly countsTexts?: boolean;
  /** Who reviews what people write in rooms before it appears. Without it, nobody, and nothing is paid for it. */
  readonly review?: ReviewSetting;
  /** What this stage does without: it has neither the routes, functions and roles nor the page's parts. By default, it has all. */
  readonly without?: readonly Capability[];
  /**
   * CloudFront's firewall: the ARN of an AWS WAF web ACL of scope CLOUDFRONT. If set, requests that bypass CloudFront are
   * refused. A web ACL is billed monthly.
   */
  readonly webAclArn?: string;
  /**
   * The functions' own metrics, a dashboard and alarms (docs/operating.md), billed monthly (docs/costs.md). Without this
   * setting, a stage has none. Alarms are sent by email, which its owner must confirm, or to an SNS topic of the same Region that
   * lets CloudWatch publish. Without either, nobody is told.
   */
  readonly monitoring?: { readonly alarmEmail?: string; readonly alarmTopicArn?: string };
  /**
   * Sends emails when the account's costs approach or exceed this amount in a month (docs/operating.md). Covers the whole account
   * and all its Regions: one stage with it is enough.
   */
  readonly monthlyBudget?: MonthlyBudget;
  /** Whether Lambda sends traces of the functions' invocations to AWS X-Ray (docs/operating.md), billed by trace. */
  readonly tracing?: boolean;
  /** A host name of the stage's own, instead of CloudFront's. One name leads to one stage in one Region. */
  readonly domain?: Domain;
  /** The names of tables to use instead of the stack's own: those that `npm run restore` made. */
  readonly tables?: TableNames;
  /** The local cloud's port on localhost. Only the stage `local` has one. */
  readonly emulatorPort?: number | undefined;
}

/**
 * The throttle of one route. All routes of all APIs of an account in a Region, and all posts to connections, share the account's
 * quota: 10,000 requests per second and 5,000 at once, or 2,500 and 1,250 in 13 Regions
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
 */
export interface Throttle {
  /** Requests per second, sustained. */
  readonly rateLimit: number;
  /** Requests at once, above the sustained rate. */
  readonly burstLimit: number;
}

/** Token buckets, each with `burst` at once and `perMinute` in the long run. docs/protocol.md lists them. */
export interface Rates {
  /** Frames of one connection. */
  readonly frames: Rate;
  /**
   * Frames of one person in one room, over all connections. Separately, one person's changes to their rooms and their handle, and
   * requests about conversations.
   */
  readonly roomFrames: Rate;
  /** Refusals of one connection with `rateLimited`; above this, it is disconnected. `perMinute` must be at least that of `frames`. */
  readonly refusals: Rate;
  /** New connections of one person with a token. */
  readonly connects: Rate;
  /** New connections from one address, for everyone with a token there. */
  readonly connections: Rate;
  /** New guests from one address: guest tokens, and connections without a token. */
  readonly guests: Rate;
  /** Rooms created from one address. */
  readonly rooms: Rate;
  /** Attempts at one room's password from one address. */
  readonly passwords: Rate;
  /** Attempts at one room's password from everywhere. */
  readonly roomPasswords: Rate;
  /** Look-ups of handles from one address. */
  readonly lookups: Rate;
}

export interface Rate {
  /** A divisor of 60,000. */
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
  passwords: { perMinute: 5, burst: 5 },
  roomPasswords: { perMinute: 120, burst: 120 },
  lookups: { perMinute: 30, burst: 60 },
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
  monitoring: {},
};

/** The page's client at the local stage's identity provider. */
export const LOCAL_CLIENT_ID = "parlor-local";

const high: Rate = { perMinute: 60_000, burst: 1_000 };

/** Rates per address are high because everyone on a laptop has the same one. */
const local: Stage = {
  ...dev,
  name: "local",
  rates: { ...rates, connections: high, guests: high, rooms: high, lookups: high },
  monitoring: {},
  bots: [{ name: "concierge", kind: "answers", description: "Knows about rooms, breakfast and the Wi-Fi" }],
  review: { words: ["en", "de"] },
  countsTexts: true,
  emulatorPort: 4566,
};

export const stages: Record<StageName, Stage> = { local, dev, prod };

/** Settings of the local stage in the CDK context. */
export interface LocalContext {
  readonly port?: unknown;
  readonly issuer?: unknown;
  /** Of another site whose pages may connect. */
  readonly origin?: unknown;
  /** Capabilities, separated by commas. */
  readonly without?: unknown;
  /** JSON. */
  readonly tables?: unknown;
}

/** Returns the stage that the CDK context names, validated. */
export function readStage(name: unknown, { port, issuer, origin, without, tables }: LocalContext = {}): Stage {
  if (!isStageName(name)) {
    const names = Object.keys(stages).join(", ");
    throw new SettingError(`Unknown stage "${name}". Choose one of ${names}.`);
  }
  const stage = stages[name];
  if (stage.emulatorPort === undefined) return validateStage(stage);
  const missing = without ? (String(without).split(",") as Capability[]) : [];
  const { review, ...others } = stage;
  return validateStage({
    ...others,
    ...(review && !missing.includes("moderation") && { review }),
    ...(port ? { emulatorPort: Number(port) } : {}),
    ...(tables ? { tables: JSON.parse(String(tables)) } : {}),
    ...(origin ? { origins: [String(origin)] } : {}),
    ...(missing.length > 0 && { without: missing }),
    ...(issuer ? { signIn: { issuer: String(issuer), clientId: LOCAL_CLIENT_ID } } : {}),
  });
}

function isStageName(name: unknown): name is StageName {
  return typeof name === "string" && Object.hasOwn(stages, name);
}

/** Returns the stage, or throws `SettingError` if a setting is invalid. */
export function validateStage(stage: Stage): Stage {
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
        `Stage "${stage.name}": rates.${name}.perMinute is ${perMinute}, but must divide 60,000, so that one takes a whole number of milliseconds.`,
      );
    }
    whole(`rates.${name}.burst`, burst, 10_000);
  }
  const { frames, refusals } = stage.rates;
  if (refusals.perMinute < frames.perMinute) {
    throw new SettingError(
      `Stage "${stage.name}": rates.refusals.perMinute is ${refusals.perMinute}, but must be at least the ${frames.perMinute} of frames: otherwise clients that wait as told would be disconnected.`,
    );
  }
  whole("reservedConcurrency", stage.reservedConcurrency, 1_000);
  whole("emulatorPort", stage.emulatorPort, 65_535);
  for (const origin of stage.origins ?? []) {
    if (!isOrigin(origin)) {
      throw new SettingError(
        `Stage "${stage.name}": origins contains "${origin}", but must contain origins as browsers write them: https://chat.example.org.`,
      );
    }
  }
  if (stage.commons && !/^\S(.{0,78}\S)?$/u.test(stage.commons.name)) {
    throw new SettingError(
      `Stage "${stage.name}": commons.name is "${stage.commons.name}", but must have 1 to 80 characters, without spaces around them.`,
    );
  }
  const { webAclArn } = stage;
  if (webAclArn !== undefined && stage.name === "local") {
    throw new SettingError(
      `Stage "local": webAclArn is set, but the local cloud's CloudFront does not forward WebSockets.`,
    );
  }
  if (webAclArn !== undefined && !isWebAclArn(webAclArn)) {
    throw new SettingError(
      `Stage "${stage.name}": webAclArn is "${webAclArn}", but must be like ` +
        "arn:aws:wafv2:us-east-1:123456789012:global/webacl/<name>/<id>, a web ACL of scope CLOUDFRONT.",
    );
  }
  validateSignIn(stage);
  validateBots(stage);
  validateReview(stage);
  validateMonitoring(stage);
  const wrongDomain = stage.domain && (stage.name === "local" ? "domain is set." : domainProblem(stage.domain));
  const wrongBudget = stage.monthlyBudget && monthlyBudgetProblem(stage.monthlyBudget);
  const wrongCapability = stage.without && withoutProblem(stage.without);
  const problem = wrongDomain ?? wrongBudget ?? wrongCapability ?? (stage.tables && tablesProblem(stage.tables));
  if (problem) throw new SettingError(`Stage "${stage.name}": ${problem}`);
  return stage;
}

function validateMonitoring({ name, monitoring: { alarmEmail, alarmTopicArn } = {} }: Stage): void {
  if (alarmEmail !== undefined && !isEmailAddress(alarmEmail)) {
    throw new SettingError(`Stage "${name}": monitoring.alarmEmail is "${alarmEmail}", but must be an email address.`);
  }
  if (alarmTopicArn !== undefined && !/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/.test(alarmTopicArn)) {
    throw new SettingError(
      `Stage "${name}": monitoring.alarmTopicArn is "${alarmTopicArn}", but must be like ` +
        "arn:aws:sns:eu-central-1:123456789012:<name>, a standard topic.",
    );
  }
}
