// `npm run deploy:local`: deploys changes into a running local cloud.
import { deployInto } from "../local/cloud.ts";
import { instanceFromArgs } from "../local/instance.ts";
import { assertIsRunning } from "../local/ministack.ts";

export async function main(args: string[]): Promise<void> {
  const at = instanceFromArgs(args);
  await assertIsRunning(at);
  await deployInto(at);
  console.log("Deployed. Reload the page.");
}
