import { expect, test } from "vitest";
import { formatFinding } from "./findings.ts";
import { checkMachine, type Machine } from "./machine.ts";
import { checkRegion, readRegion } from "./region.ts";

/** A machine on which everything is installed. */
const fakeMachine = (lacks: Partial<Machine> = {}): Machine => ({
  missing: () => [],
  hasTarget: () => true,
  hasCargoLambda: () => true,
  ...lacks,
});

test("a complete machine has no problem", () => {
  expect(checkMachine(fakeMachine()).map(({ level }) => level)).toEqual(["ok", "ok", "ok"]);
});

test("each missing tool is a problem of its own", () => {
  const missing = () => ["Parlor needs Rust: install it.", "Parlor needs a C compiler: install it."];
  expect(checkMachine(fakeMachine({ missing })).filter(({ level }) => level === "problem")).toHaveLength(2);
});

test("a missing target gets the command that installs it", () => {
  expect(checkMachine(fakeMachine({ hasTarget: () => false }))).toContainEqual({
    title: "Rust target",
    level: "problem",
    text: expect.stringContaining("`rustup target add aarch64-unknown-linux-gnu`"),
  });
});

test("a missing cargo-lambda does not stop a deployment, which installs it", () => {
  expect(checkMachine(fakeMachine({ hasCargoLambda: () => false }))).toContainEqual({
    title: "cargo-lambda",
    level: "warning",
    text: expect.stringContaining("`npm run deploy` installs it"),
  });
});

test.each([
  ["both variables", { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" }, undefined, "ok"],
  ["different variables", { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-east-1" }, undefined, "problem"],
  ["AWS_REGION only", { AWS_REGION: "eu-west-1" }, undefined, "warning"],
  ["AWS_DEFAULT_REGION only", { AWS_DEFAULT_REGION: "eu-west-1" }, undefined, "warning"],
  ["the profile only", {}, "eu-west-1", "ok"],
  ["nothing", {}, undefined, "problem"],
])("a Region in %s", (_, env, ofProfile, level) => {
  expect(checkRegion(env, ofProfile)).toMatchObject({ level });
});

test("AWS_DEFAULT_REGION counts if AWS_REGION is not set, although AWS's JavaScript client ignores it", async () => {
  expect(await readRegion({ AWS_DEFAULT_REGION: "eu-west-1" })).toBe("eu-west-1");
});

test("a finding is one line", () => {
  const text = formatFinding({ title: "Region", level: "problem", text: "no Region is set: set one." });
  expect(text).toBe("✗ problem  Region: no Region is set: set one.");
});
