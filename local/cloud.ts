// The local cloud: MiniStack with Parlor deployed into it, for `npm start` and the end-to-end tests.
import { bootstrap, deploy, synthesize } from "./deploy.ts";
import type { Instance } from "./instance.ts";
import { startMiniStack } from "./ministack.ts";
import { type Addresses, writeAddresses } from "./outputs.ts";
import { buildPage, uploadPage } from "./page.ts";
import { step } from "./step.ts";
import { installVenv } from "./venv.ts";

export interface LocalCloud extends Addresses {
  /** Resolves when MiniStack has ended. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

/** Starts the local cloud; `onInvocation` gets one line of JSON per function invocation. */
export async function startLocalCloud(at: Instance, onInvocation: (json: string) => void): Promise<LocalCloud> {
  await installVenv();
  const { ended, stop } = await startMiniStack(at, onInvocation);
  const addresses = await deployInto(at, (onLine) => bootstrap(at, onLine));
  return { ...addresses, ended, stop };
}

/** Builds and deploys what changed; `meanwhile` runs in parallel with the build. */
export async function deployInto(
  at: Instance,
  meanwhile: (onLine: (line: string) => void) => Promise<void> = async () => {},
): Promise<Addresses> {
  await step("Building the handlers and the page", (onLine) =>
    Promise.all([buildPage(onLine), synthesize(at, onLine), meanwhile(onLine)]),
  );
  return step("Deploying", async (onLine) => {
    const outputs = await deploy(at, onLine);
    await uploadPage(at, outputs);
    return writeAddresses(at, outputs);
  });
}
