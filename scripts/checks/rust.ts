// Checks of the handlers: format, lint and tests.
import type { Report } from "./report.ts";

const clippy = [
  "clippy",
  "--locked",
  "--workspace",
  "--all-targets",
  "--features",
  "parlor-protocol/generate",
  "--",
  "--deny",
  "warnings",
];

export async function rust(report: Report): Promise<void> {
  await report.check("Rust: format", ({ run }) => run("cargo", ["fmt", "--all", "--check"]));
  await report.check("Rust: clippy", ({ run }) => run("cargo", clippy));
  await report.check("Rust: tests", ({ run }) => run("cargo", ["test", "--locked", "--workspace"]));
}
