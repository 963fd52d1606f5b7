// Signed calls to a local cloud's services, as administrator or with a role's credentials. AWS's own clients would add
// five packages.
import { Failure } from "./failure.ts";
import type { Instance } from "./instance.ts";
import { type Credentials, type Request, sign } from "./signature.ts";

export interface Call {
  readonly service: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CallResult {
  readonly status: number;
  readonly text: string;
}

/** MiniStack treats this key as the account's root user. */
const administrator: Credentials = { accessKeyId: "test", secretAccessKey: "test" };

const json = (service: string, version: string, target: string, body: object): Call => ({
  service,
  method: "POST",
  path: "/",
  headers: { "content-type": `application/x-amz-json-${version}`, "x-amz-target": target },
  body: JSON.stringify(body),
});

export const dynamoDb = (operation: string, body: object) =>
  json("dynamodb", "1.0", `DynamoDB_20120810.${operation}`, body);
export const secretsManager = (operation: string, body: object) =>
  json("secretsmanager", "1.1", `secretsmanager.${operation}`, body);
export const sqs = (operation: string, body: object) => json("sqs", "1.0", `AmazonSQS.${operation}`, body);
export const ssm = (operation: string, body: object) => json("ssm", "1.1", `AmazonSSM.${operation}`, body);
export const logs = (operation: string, body: object) => json("logs", "1.1", `Logs_20140328.${operation}`, body);

/** IAM and STS. */
export const query = (service: "iam" | "sts", parameters: Readonly<Record<string, string>>): Call => ({
  service,
  method: "POST",
  path: "/",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams({
    Version: service === "iam" ? "2010-05-08" : "2011-06-15",
    ...parameters,
  }).toString(),
});

export const rest = (service: string, method: Call["method"], path: string, body = ""): Call => ({
  service,
  method,
  path,
  headers: {},
  body,
});

export function request(at: Instance, call: Call, as = administrator): Request {
  const { service, method, path, headers, body } = call;
  return sign({ method, url: at.endpoint + path, headers, body }, { region: "us-east-1", service }, as);
}

/** Sends the call and returns the response, whatever its status. */
export async function send(at: Instance, call: Call, as?: Credentials): Promise<CallResult> {
  const { url, method, headers, body } = request(at, call, as);
  const response = await fetch(url, { method, headers, ...(method !== "GET" && { body }) });
  return { status: response.status, text: await response.text() };
}

/** Sends the call and returns the response body. Rejects on any status from 300. */
export async function succeed(at: Instance, call: Call, as?: Credentials): Promise<string> {
  const { status, text } = await send(at, call, as);
  if (status >= 300) throw new Failure(`The local cloud's ${call.service} answered ${status}: ${text}`);
  return text;
}

/** Returns the decoded text of the first XML element of this name. */
export function element(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (text === undefined) throw new Failure(`The local cloud's response has no ${name}: ${xml}`);
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity) => entities[entity] ?? "");
}
