// `npm run smoke`: runs the scenarios, without the floods, against a deployed stage. Each deletes what it created.
import { parseArgs } from "node:util";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { Failure } from "../local/failure.ts";
import { instance } from "../local/instance.ts";
import type { Addresses } from "../local/outputs.ts";
import { addressesOf, readAddresses } from "../local/outputs.ts";
import { smokeScenarios } from "../tests/scenarios/index.ts";
import { scenariosOf } from "../tests/scenarios/of-stage.ts";

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { stage: { type: "string" }, url: { type: "string" } } });
  const addresses = await find(values.stage, values.url);
  console.log(`Testing ${addresses.siteUrl}`);
  const scenarios = await scenariosOf(addresses, smokeScenarios);
  for (const { name, run } of scenarios) {
    const started = performance.now();
    await run(addresses).catch((error) => {
      console.error(error);
      throw new Failure(`Failed: ${name}`);
    });
    console.log(`✓ ${name} (${Math.round(performance.now() - started)} ms)`);
  }
  console.log(`${scenarios.length} passed, 0 failed`);
  const skipped = smokeScenarios.length - scenarios.length;
  if (skipped > 0) console.log(`${skipped} not run: they use what this stage does without`);
}

async function find(stage?: string, url?: string): Promise<Addresses> {
  if (url !== undefined) return ofSite(url);
  if (stage === "local") return readAddresses(instance());
  if (stage !== undefined) return ofStack(`parlor-${stage}`);
  throw new Failure("Give a stage or an address: `npm run smoke -- --stage NAME` or `npm run smoke -- --url SITE`.");
}

async function ofSite(url: string): Promise<Addresses> {
  if (!URL.canParse(url))
    throw new Failure(`\`--url ${url}\` is not a URL: give the address of the page, with https://.`);
  const site = new URL(url);
  // Node cannot resolve subdomains of localhost on every system.
  if (site.hostname.endsWith(".localhost")) return readAddresses(instance(Number(site.port)));
  const response = await fetch(new URL("/config.json", site)).catch(() => undefined);
  if (!response?.ok) throw new Failure(`${site.origin} is not a Parlor page: it has no config.json.`);
  return { siteUrl: site.origin, ...((await response.json()) as Omit<Addresses, "siteUrl">) };
}

async function ofStack(name: string): Promise<Addresses> {
  const answer = await new CloudFormationClient()
    .send(new DescribeStacksCommand({ StackName: name }))
    .catch((error) => {
      throw new Failure(
        `CloudFormation cannot describe ${name} (${error.message}): check credentials, Region and stage.`,
      );
    });
  const outputs = (answer.Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
    OutputKey,
    OutputValue,
  ]);
  return addressesOf(Object.fromEntries(outputs));
}
