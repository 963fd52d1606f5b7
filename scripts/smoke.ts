// `npm run smoke`: the scenarios, but for the floods, against whatever is deployed, one after another; each removes what it made.
import { parseArgs } from "node:util";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { Failure } from "../local/failure.ts";
import { instance } from "../local/instance.ts";
import type { Addresses } from "../local/outputs.ts";
import { addressesOf, readAddresses } from "../local/outputs.ts";
import { smokeScenarios } from "../tests/scenarios/index.ts";

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { stage: { type: "string" }, url: { type: "string" } } });
  const addresses = await find(values.stage, values.url);
  console.log(`Against ${addresses.siteUrl}`);
  for (const { name, run } of smokeScenarios) {
    const started = performance.now();
    await run(addresses).catch((error) => {
      console.error(error);
      throw new Failure(`Failed: ${name}`);
    });
    console.log(`✓ ${name} (${Math.round(performance.now() - started)} ms)`);
  }
  console.log(`${smokeScenarios.length} passed, 0 failed`);
}

async function find(stage?: string, url?: string): Promise<Addresses> {
  if (url !== undefined) return ofSite(url);
  if (stage === "local") return readAddresses(instance());
  if (stage !== undefined) return ofStack(`parlor-${stage}`);
  throw new Failure("Say what to test: `npm run smoke -- --stage NAME` or `npm run smoke -- --url SITE`.");
}

async function ofSite(url: string): Promise<Addresses> {
  if (!URL.canParse(url)) throw new Failure(`\`--url ${url}\` is not an address: give the page's, with https://.`);
  const site = new URL(url);
  // Node cannot resolve a name below localhost on every system.
  if (site.hostname.endsWith(".localhost")) return readAddresses(instance(Number(site.port)));
  const response = await fetch(new URL("/config.json", site)).catch(() => undefined);
  if (!response?.ok) throw new Failure(`${site.origin} does not answer as a Parlor page does: it has no config.json.`);
  return { siteUrl: site.origin, ...((await response.json()) as Omit<Addresses, "siteUrl">) };
}

async function ofStack(name: string): Promise<Addresses> {
  const answer = await new CloudFormationClient()
    .send(new DescribeStacksCommand({ StackName: name }))
    .catch((error) => {
      throw new Failure(
        `CloudFormation does not tell about ${name} (${error.message}): check credentials, Region and stage.`,
      );
    });
  const outputs = (answer.Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
    OutputKey,
    OutputValue,
  ]);
  return addressesOf(Object.fromEntries(outputs));
}
