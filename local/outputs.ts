// The addresses of a running local cloud, which `npm start` writes to a file for other programs.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import type { Instance } from "./instance.ts";

/** The public addresses of a stage. */
export interface Addresses {
  readonly siteUrl: string;
  readonly webSocketUrl: string;
  readonly apiUrl: string;
  /** The identity provider that a local cloud trusts, if any. */
  readonly issuer?: string;
  /** The other site whose pages may connect to a local cloud, if any. */
  readonly origin?: string;
}

/** The stack's CloudFormation outputs. */
export interface StackOutputs {
  readonly SiteUrl: string;
  readonly SiteBucketName: string;
  readonly WebSocketUrl: string;
  readonly ApiUrl: string;
  /** JSON: who may enter the page, and how they sign in. */
  readonly PageSettings: string;
}

export const outputsFile = (at: Instance) => join(at.folder, "outputs.json");

export const addressesOf = ({ SiteUrl, WebSocketUrl, ApiUrl }: StackOutputs): Addresses => ({
  siteUrl: SiteUrl,
  webSocketUrl: WebSocketUrl,
  apiUrl: ApiUrl,
});

export async function writeAddresses(at: Instance, outputs: StackOutputs): Promise<Addresses> {
  const { issuer, origin } = at;
  const addresses: Addresses = { ...addressesOf(outputs), ...(issuer && { issuer }), ...(origin && { origin }) };
  await writeFile(outputsFile(at), `${JSON.stringify(addresses, undefined, 2)}\n`);
  return addresses;
}

export async function readAddresses(at: Instance): Promise<Addresses> {
  const text = await readFile(outputsFile(at), "utf8").catch(() => {
    throw new Failure("No local cloud is running: start one with `npm start`.");
  });
  return JSON.parse(text) as Addresses;
}
