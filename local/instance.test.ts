import { resolve } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { instance, instanceFromArgs } from "./instance.ts";

afterEach(() => vi.unstubAllEnvs());

test("two local clouds on two ports share no file", () => {
  expect(instanceFromArgs([]).folder).toBe(".parlor");
  expect(instanceFromArgs(["--port", "4600"]).folder).toBe(".parlor/4600");
});

test.each(["80", "65536", "4600.5", "http"])("%s is refused as a port", (port) => {
  expect(() => instanceFromArgs(["--port", port])).toThrow(`\`--port ${port}\` is not a port`);
});

test("nothing in the environment leads the AWS tools to a real account", () => {
  vi.stubEnv("AWS_PROFILE", "work");
  vi.stubEnv("AWS_SESSION_TOKEN", "secret");
  vi.stubEnv("AWS_NEVER_HEARD_OF", "theirs");
  const { env } = instance(4600);
  expect(env).toMatchObject({ AWS_ENDPOINT_URL: "http://localhost:4600", AWS_ACCESS_KEY_ID: "test" });
  expect(env).not.toHaveProperty("AWS_PROFILE");
  expect(env).not.toHaveProperty("AWS_SESSION_TOKEN");
  expect(env).not.toHaveProperty("AWS_NEVER_HEARD_OF");
});

test.each(["HTTP_PROXY", "https_proxy", "ALL_PROXY", "npm_config_proxy", "LAMBDA_EXECUTOR", "PERSIST_STATE", "CI"])(
  "neither the AWS tools nor MiniStack have %s",
  (name) => {
    vi.stubEnv(name, "theirs");
    expect(instance(4600).env).not.toHaveProperty(name);
  },
);

test("the CDK reports nothing to AWS, and writes into this folder only", () => {
  expect(instance(4600).env).toMatchObject({
    CDK_DISABLE_CLI_TELEMETRY: "true",
    CDK_DISABLE_VERSION_CHECK: "true",
    CDK_HOME: resolve(".parlor/cdk"),
  });
});
