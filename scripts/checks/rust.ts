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

const tests = ["test", "--locked", "--workspace"];

export function rust(report: Report): Promise<void> {
  return check(report, tests);
}

/** Without the enumerated faults, which take most of the time. */
export function rustQuick(report: Report): Promise<void> {
  return check(report, [...tests, "--", "--skip", "every_call_fails_once"]);
}

async function check(report: Report, tests: string[]): Promise<void> {
  await report.check("Rust: format", ({ run }) => run("cargo", ["fmt", "--all", "--check"]));
  await report.check("Rust: clippy", ({ run }) => run("cargo", clippy));
  await report.check("Rust: tests", ({ run }) => run("cargo", tests));
}
