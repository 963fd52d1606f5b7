// `npm run deploy:local`: deploys changes into a running local cloud.
import { deployInto } from "../local/cloud.ts";
import { instanceFromArgs } from "../local/instance.ts";
import { assertIsRunning } from "../local/ministack.ts";
import { readAddresses } from "../local/outputs.ts";

export async function main(args: string[]): Promise<void> {
  const named = instanceFromArgs(args);
  await assertIsRunning(named);
  const { issuer, origin } = await readAddresses(named);
  const at = { ...named, ...(issuer !== undefined && { issuer }), ...(origin !== undefined && { origin }) };
  await deployInto(at);
  console.log("Deployed. Reload the page.");
}
