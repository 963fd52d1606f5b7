// Builds the fuzz targets with stable Rust.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { run } from "../../local/processes.ts";
import { step } from "../../local/step.ts";

/**
 * The same as `cargo fuzz --sanitizer none`: LLVM counts edges and traces comparisons, which works with stable Rust. Only
 * the sanitizers need nightly, and they look for errors that code without `unsafe` cannot have.
 */
const instrumentation = [
  "--cfg=fuzzing",
  "-Cpasses=sancov-module",
  ...["level=4", "inline-8bit-counters", "pc-table", "trace-compares"].map(
    (option) => `-Cllvm-args=-sanitizer-coverage-${option}`,
  ),
];

/** Returns the folder with the programs. */
export async function buildTargets(): Promise<string> {
  const { stdout } = spawnSync("rustc", ["-vV"], { encoding: "utf8" });
  const host = stdout.match(/^host: (.+)$/m)?.[1] ?? "";
  const package_ = ["--package", "parlor-fuzz", "--features", "libfuzzer", "--bins"];
  // With an explicit target, cargo does not apply the instrumentation to build scripts.
  const args = ["build", "--locked", "--profile", "fuzz", "--target", host, ...package_];
  await step("Building the fuzz targets", (onLine) =>
    run("cargo", args, {
      env: { ...process.env, CARGO_ENCODED_RUSTFLAGS: instrumentation.join("\x1f") },
      onLine,
      failure: "The fuzz targets could not be built: see the lines above.",
    }),
  );
  return join(process.env.CARGO_TARGET_DIR ?? "target", host, "fuzz");
}
