// Without each capability, a stage passes all scenarios that do not use it, and has nothing at the addresses of its routes.
import { rmSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { type Capability, capabilities } from "../../cdk/routes/capabilities.ts";
import { routes } from "../../cdk/routes/index.ts";
import { startLocalCloud } from "../../local/cloud.ts";
import { instance } from "../../local/instance.ts";
import { freePort } from "../../local/ministack.ts";
import { smokeScenarios } from "../scenarios/index.ts";
import { scenariosOf } from "../scenarios/of-stage.ts";
import { httpRequest } from "../support/http.ts";

const AT_ONCE = 2;
/** Takes a minute, because its room must end, and uses nothing that can be left out. */
const takesLong = (routes: readonly string[]) => routes.includes("sweep");

test.each(Object.keys(capabilities) as Capability[])(
  "a stage without %s passes all other scenarios",
  async (capability) => {
    const at = { ...instance(await freePort()), without: [capability] };
    onTestFinished(() => rmSync(at.folder, { recursive: true, force: true }));
    const refused: string[] = [];
    const cloud = await startLocalCloud(at, (line) => {
      if (line.includes("AccessDenied")) refused.push(line);
    });
    onTestFinished(() => cloud.stop());

    const left = (await scenariosOf(cloud, smokeScenarios)).filter(({ routes }) => !takesLong(routes));
    expect(left.length).toBeGreaterThan(smokeScenarios.length / 2);
    const runOneByOne = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const { name, run } = next;
        await run(cloud).catch((cause) => {
          throw new Error(`Failed: ${name}`, { cause });
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runOneByOne));
    expect(refused).toEqual([]);

    const absent: readonly string[] = capabilities[capability];
    for (const { name, trigger } of routes) {
      if (trigger.kind !== "http" || !absent.includes(name)) continue;
      const { status, body } = await httpRequest(cloud.apiUrl + trigger.path.slice("/api".length), {
        method: trigger.method,
      });
      expect({ status, body: JSON.parse(body) }).toEqual({ status: 404, body: { message: "Not Found" } });
    }
  },
  300_000,
);
