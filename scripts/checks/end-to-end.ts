// Checks on local clouds, with IAM enforced. The page has a cloud of its own, because scenarios exhaust rates per address.
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { Failure } from "../../local/failure.ts";
import { type Instance, instance } from "../../local/instance.ts";
import { startIssuer } from "../../local/issuer.ts";
import { formatInvocation, type Invocation, unexpectedLines } from "../../local/logs.ts";
import { freePort } from "../../local/ministack.ts";
import { outputsFile } from "../../local/outputs.ts";
import { venvPython } from "../../local/venv.ts";
import { reportGrants } from "../../tests/roles/report.ts";
import { startClouds } from "../../tests/roles/start-clouds.ts";
import { routeCover } from "../../tests/scenarios/route-cover.ts";
import type { Output, Report } from "./report.ts";

/** How invocations end that scenarios and roles make fail on purpose: questions that are none, and programs that are down. */
const EXPECTED = /: not a question$|failed to tell a webhook: /;

export async function endToEnd(report: Report): Promise<void> {
  const [scenarios, page] = [new TestCloud(await startIssuer()), new TestCloud(await startIssuer({ login: true }))];
  const started = await report.check("Local clouds: everything deployed, IAM enforced", async () => {
    await scenarios.start();
    await page.start();
  });
  if (!started) {
    await Promise.all([scenarios.stop(true), page.stop(true)]);
    return;
  }
  const passed = await Promise.all([
    inSequence(
      () =>
        report.check("Local cloud: queries by key return what MiniStack's own queries return", ({ run }) =>
          run(venvPython, ["local/test_query_by_key.py"]),
        ),
      () =>
        report.check("Local cloud: saved state is complete", ({ run }) =>
          run(venvPython, ["local/test_keep_state.py"]),
        ),
      () =>
        report.check(
          "Local cloud: the state survives every way to end; the commands for operators and the drills work",
          scenarios.vitest("local"),
        ),
      () => report.check("Scenarios", scenarios.vitest("scenarios")),
      () => report.check("Each role may do only what its row grants", scenarios.vitest("roles")),
      // Before the faults, which kill functions.
      () => checkLogs(report, "Scenarios", scenarios),
      () => report.check("Faults", scenarios.vitest("chaos")),
      () => report.check("Each grant is needed", proveGrants),
    ),
    inSequence(
      () => report.check("The page in Chromium", page.vitest("page")),
      () => checkLogs(report, "Page", page),
    ),
  ]);
  for (const cloud of [scenarios, page]) await cloud.stop(passed.flat().includes(false));
}

/** On a local cloud: scenarios that use each route at least once. */
export async function quickScenarios(report: Report): Promise<void> {
  const cloud = new TestCloud();
  const started = await report.check("Local cloud: everything deployed, IAM enforced", () => cloud.start());
  if (!started) return;
  const passed = await report.check("Scenarios that use each route", async ({ log }) => {
    for (const { name, run } of routeCover()) {
      await run(cloud.addresses).catch((cause) => {
        throw new Error(`Failed: ${name}`, { cause });
      });
      log(`✓ ${name}`);
    }
  });
  await cloud.stop(!passed);
}

async function proveGrants({ log }: Output): Promise<void> {
  const { clouds, routes, stop } = await startClouds();
  const superfluous = await reportGrants(clouds, routes, log).finally(stop);
  if (superfluous > 0) throw new Failure(`${superfluous} grants are superfluous.`);
}

async function inSequence(...checks: (() => Promise<boolean>)[]): Promise<boolean[]> {
  const passed: boolean[] = [];
  for (const check of checks) passed.push(await check());
  return passed;
}

const checkLogs = (report: Report, title: string, { crashes, unexpected }: TestCloud) =>
  report.check(`${title}: no function crashed, and functions logged nothing but outcomes`, async () =>
    failOn([...crashes, ...unexpected]),
  );

async function failOn(lines: readonly string[]): Promise<void> {
  if (lines.length > 0) throw new Failure(lines.join("\n"));
}

/** A local cloud that collects what its functions log. */
class TestCloud {
  readonly crashes: string[] = [];
  readonly unexpected: string[] = [];
  readonly #issuer: string | undefined;
  #at: Instance | undefined;
  #cloud: LocalCloud | undefined;
  #log: WriteStream | undefined;

  constructor(issuer?: string) {
    this.#issuer = issuer;
  }

  get addresses(): LocalCloud {
    if (!this.#cloud) throw new Error("The local cloud was not started.");
    return this.#cloud;
  }

  async start(): Promise<void> {
    const at = { ...instance(await freePort()), ...(this.#issuer && { issuer: this.#issuer }) };
    this.#at = at;
    await mkdir(at.folder, { recursive: true });
    const log = createWriteStream(join(at.folder, "functions.log"));
    this.#log = log;
    this.#cloud = await startLocalCloud(at, (json) => {
      const lines = formatInvocation(json);
      log.write(`${lines.join("\n")}\n`);
      const { error } = JSON.parse(json) as Invocation;
      if (error && !EXPECTED.test(error)) this.crashes.push(...lines);
      this.unexpected.push(...unexpectedLines(json));
    });
  }

  /** Returns a check that runs a vitest project against this cloud. */
  vitest(project: string): (output: Output) => Promise<void> {
    return ({ run }) => {
      if (!this.#at) throw new Error("The local cloud was not started.");
      const env = { ...process.env, PARLOR_OUTPUTS: outputsFile(this.#at) };
      return run("node_modules/.bin/vitest", ["run", "--project", project], { env });
    };
  }

  async stop(keepLog: boolean): Promise<void> {
    this.#cloud?.stop();
    if (keepLog) console.log(`Log of the functions: ${this.#log?.path}`);
    else if (this.#at) await rm(this.#at.folder, { recursive: true });
  }
}
