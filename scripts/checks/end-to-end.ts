// The whole: a local cloud of its own, with IAM enforced; the scenarios and the page's tests run on it.
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { routes } from "../../cdk/routes/index.ts";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { Failure } from "../../local/failure.ts";
import { instance } from "../../local/instance.ts";
import { startIssuer } from "../../local/issuer.ts";
import { formatInvocation, type Invocation, unexpectedLines } from "../../local/logs.ts";
import { freePort } from "../../local/ministack.ts";
import { outputsFile } from "../../local/outputs.ts";
import { run } from "../../local/processes.ts";
import { venvPython } from "../../local/venv.ts";
import { reporting } from "../../tests/roles/decisions.ts";
import { score } from "../iam-prove.ts";
import type { Report } from "./report.ts";

export async function endToEnd(report: Report): Promise<void> {
  const at = { ...reporting(instance(await freePort())), issuer: await startIssuer() };
  await mkdir(at.folder, { recursive: true });
  const log = createWriteStream(join(at.folder, "functions.log"));
  const crashes: string[] = [];
  const unexpected: string[] = [];
  const onInvocation = (json: string) => {
    const lines = formatInvocation(json);
    log.write(`${lines.join("\n")}\n`);
    if ((JSON.parse(json) as Invocation).error) crashes.push(...lines);
    unexpected.push(...unexpectedLines(json));
  };
  let cloud: LocalCloud | undefined;
  const started = await report.check("Local cloud: everything deployed, IAM enforced", async () => {
    cloud = await startLocalCloud(at, onInvocation);
  });
  if (!started || !cloud) return;
  const running = cloud;

  const env = { ...process.env, PARLOR_OUTPUTS: outputsFile(at) };
  const vitest = (project: string) => run("node_modules/.bin/vitest", ["run", "--project", project], { env });
  const passed = [
    await report.check("Local cloud: queries by key answer as MiniStack's own", () =>
      run(venvPython, ["local/test_query_by_key.py"]),
    ),
    await report.check("Local cloud: what is saved is whole", () => run(venvPython, ["local/test_keep_state.py"])),
    await report.check("Local cloud: its state outlives whatever ends it", () => vitest("local")),
    await report.check("Scenarios", () => vitest("scenarios")),
    await report.check("Roles are confined", () => vitest("roles")),
    await report.check("The page in Chromium", () => vitest("page")),
    await report.check("No function crashed", async () => {
      if (crashes.length > 0) throw new Failure(crashes.join("\n"));
    }),
    await report.check("Functions log nothing but outcomes", async () => {
      if (unexpected.length > 0) throw new Failure(unexpected.join("\n"));
    }),
    // Last, for one kills functions, and those of the other may fail altogether without a grant.
    await report.check("Under faults", () => vitest("chaos")),
    await report.check("Roles hold nothing that is not needed", async () => {
      if ((await score(at, running, routes)) !== 0) throw new Failure("Nothing misses a grant that was taken away.");
    }),
  ];
  running.stop();
  if (passed.includes(false)) console.log(`What the functions wrote: ${log.path}`);
  else await rm(at.folder, { recursive: true });
}
