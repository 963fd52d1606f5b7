// A local cloud of a test file's own, with the stage deployed and ready for guests.
import { mkdirSync, rmSync } from "node:fs";
import { onTestFinished } from "vitest";
import { type LocalCloud, startLocalCloud } from "../../../local/cloud.ts";
import { type Instance, instance } from "../../../local/instance.ts";
import { freePort } from "../../../local/ministack.ts";
import { Stage } from "../../../tests/support/stage.ts";
import { eventually } from "../../../tests/support/until.ts";

export interface DeployedCloud {
  readonly at: Instance;
  readonly cloud: LocalCloud;
  /** Returns a visitor, who leaves at the end of the test. */
  visit(): Stage;
  stop(): void;
}

export async function deployedCloud(): Promise<DeployedCloud> {
  const at = instance(await freePort());
  mkdirSync(at.folder, { recursive: true });
  let cloud: LocalCloud | undefined;
  const stop = () => {
    cloud?.stop();
    rmSync(at.folder, { recursive: true, force: true });
  };
  try {
    const started = await startLocalCloud(at, () => {});
    cloud = started;
    // On a busy machine, the first reads of the key may take too long, and are not repeated for a minute.
    await eventually("guests are let in", () =>
      new Stage(started).guest("First").then(
        () => true,
        () => false,
      ),
    );
    const visit = () => {
      const stage = new Stage(started);
      onTestFinished(() => stage.cleanUp());
      return stage;
    };
    return { at, cloud: started, visit, stop };
  } catch (error) {
    stop();
    throw error;
  }
}
