// `npm run check:arm64`: checks that the bundle for AWS is small enough and answers.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { deflateRawSync } from "node:zlib";
import { checkAnswers } from "../local/arm64/answers.ts";
import { builder, builderNeeds } from "../local/arm64/build.ts";
import { emulator, emulatorNeeds } from "../local/arm64/emulator.ts";
import { Failure } from "../local/failure.ts";
import { type Output, Report } from "./checks/report.ts";

/** Megabytes, zipped: what a cold start has to fetch. */
const sizeLimit = 3.75;

export async function main(args: string[]): Promise<number> {
  parseArgs({ args });
  const report = new Report();
  const build = builder();
  if (!build) {
    console.log(`Skipped: building for ARM64 needs ${builderNeeds}.`);
    return report.finish();
  }
  let bundle = "";
  const built = await report.check("ARM64: build", async () => {
    bundle = await build();
  });
  if (!built) return report.finish();
  await report.check("ARM64: size", (output) => checkSize(bundle, output));
  const runner = emulator();
  if (runner) await report.check("ARM64: answers recorded events", () => checkAnswers([...runner, bundle]));
  else console.log(`\nSkipped: running ARM64 programs needs ${emulatorNeeds}.`);
  return report.finish();
}

async function checkSize(bundle: string, { log }: Output): Promise<void> {
  const binary = await readFile(bundle);
  const megabytes = deflateRawSync(binary, { level: 9 }).length / 1e6;
  log(`${megabytes.toFixed(2)} MB zipped, ${(binary.length / 1e6).toFixed(2)} MB unpacked`);
  if (megabytes > sizeLimit) throw new Failure(`The bundle must be at most ${sizeLimit} MB zipped.`);
}
