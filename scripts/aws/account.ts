// What the doctor and other commands ask AWS. Calls other than CloudFormation's are signed here: AWS's own clients would add four packages.
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { type Call, element, query, rest, ssm } from "../../local/calls.ts";
import { Failure } from "../../local/failure.ts";
import { type Credentials, sign } from "../../local/signature.ts";

const ANSWER_LIMIT_MS = 20_000;

/** One account in one Region. Every method rejects with a `Refusal` if AWS answers with an error. */
export interface Account {
  /** Who the credentials belong to. */
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
  /** The version of the CDK's bootstrap stack. Undefined if there is none. */
  bootstrapVersion(): Promise<number | undefined>;
  /** How many functions may run at once, and how many of these no function reserves. */
  concurrency(): Promise<{ readonly total: number; readonly unreserved: number }>;
  /** The role with which API Gateway writes logs. Undefined if there is none. */
  gatewayLogRole(): Promise<string | undefined>;
  /** The ARNs of the account's OpenID Connect providers. */
  identityProviders(): Promise<string[]>;
  /** The audiences that such a provider accepts. */
  audiences(provider: string): Promise<string[]>;
  /** The status of a stack. Undefined if it does not exist. */
  stackStatus(name: string): Promise<string | undefined>;
}

/** An error that AWS answered with. */
export class Refusal extends Failure {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Returns a function that signs and sends a call, and rejects with a `Refusal` if AWS answers with an error. */
export function signedCalls(region: string, env: NodeJS.ProcessEnv): (call: Call) => Promise<string> {
  const client = new CloudFormationClient({ region });
  return async (call) => {
    const credentials: Credentials = await client.config.credentials();
    return send(call, region, credentials, env.AWS_ENDPOINT_URL);
  };
}

export function awsAccount(region: string, env: NodeJS.ProcessEnv): Account {
  const client = new CloudFormationClient({ region });
  const ask = signedCalls(region, env);
  return {
    async identity() {
      const xml = await ask(query("sts", { Action: "GetCallerIdentity" }));
      return { account: element(xml, "Account"), arn: element(xml, "Arn") };
    },
    async bootstrapVersion() {
      const text = await ask(ssm("GetParameter", { Name: "/cdk-bootstrap/hnb659fds/version" })).catch(
        unless("ParameterNotFound"),
      );
      return text === undefined ? undefined : Number(JSON.parse(text).Parameter.Value);
    },
    async concurrency() {
      const { AccountLimit } = JSON.parse(await ask(rest("lambda", "GET", "/2016-08-19/account-settings/")));
      return { total: AccountLimit.ConcurrentExecutions, unreserved: AccountLimit.UnreservedConcurrentExecutions };
    },
    async gatewayLogRole() {
      return JSON.parse(await ask(rest("apigateway", "GET", "/account"))).cloudwatchRoleArn || undefined;
    },
    async identityProviders() {
      const xml = await ask(query("iam", { Action: "ListOpenIDConnectProviders" }));
      return [...xml.matchAll(/<Arn>([^<]+)<\/Arn>/g)].map(([, arn = ""]) => arn);
    },
    async audiences(provider) {
      const xml = await ask(query("iam", { Action: "GetOpenIDConnectProvider", OpenIDConnectProviderArn: provider }));
      const [, list = ""] = /<ClientIDList>(.*?)<\/ClientIDList>/s.exec(xml) ?? [];
      return [...list.matchAll(/<member>([^<]+)<\/member>/g)].map(([, audience = ""]) => audience);
    },
    stackStatus: (name) => stackStatus(client, name),
  };
}

/** Returns the stack's status. Undefined if it does not exist. */
export async function stackStatus(client: CloudFormationClient, name: string): Promise<string | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0]?.StackStatus;
  } catch (error) {
    const { name: code, message } = error as Error;
    if (code === "ValidationError" && /does not exist/.test(message)) return undefined;
    throw new Refusal(code, message);
  }
}

/** Returns a handler that turns this error into undefined and passes on any other. */
const unless = (code: string) => (error: unknown) => {
  if (error instanceof Refusal && error.code === code) return undefined;
  throw error;
};

async function send(call: Call, region: string, credentials: Credentials, endpoint?: string): Promise<string> {
  const isChina = region.startsWith("cn-");
  const domain = isChina ? "amazonaws.com.cn" : "amazonaws.com";
  // IAM has one endpoint for all Regions.
  const isGlobal = call.service === "iam" && !isChina;
  const host = isGlobal ? `iam.${domain}` : `${call.service}.${region}.${domain}`;
  const url = (endpoint ?? `https://${host}`) + call.path;
  const scope = { region: isGlobal ? "us-east-1" : region, service: call.service };
  const { headers, method, body } = sign({ ...call, url }, scope, credentials);
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  const response = await fetch(url, { method, headers, signal, ...(method !== "GET" && { body }) });
  const text = await response.text();
  if (response.ok) return text;
  throw refusal(response.headers.get("x-amzn-errortype"), text, response.status);
}

/** AWS writes an error's code into a header, a field of a JSON body, or an XML element. */
function refusal(header: string | null, text: string, status: number): Refusal {
  const find = (pattern: RegExp) => pattern.exec(text)?.[1];
  const type = header ?? find(/"__type"\s*:\s*"([^"]+)"/) ?? find(/<Code>([^<]+)</) ?? find(/"Code"\s*:\s*"([^"]+)"/);
  const message = find(/"[Mm]essage"\s*:\s*"([^"]+)"/) ?? find(/<Message>([^<]+)</);
  const code = type?.replace(/^.*#/, "").replace(/:.*$/, "") ?? `HTTP ${status}`;
  return new Refusal(code, message ?? code);
}
