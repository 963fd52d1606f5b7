import { resolve } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { instance, instanceFromArgs } from "./instance.ts";

afterEach(() => vi.unstubAllEnvs());

test("local clouds on different ports share no files", () => {
  expect(instanceFromArgs([]).folder).toBe(".parlor");
  expect(instanceFromArgs(["--port", "4600"]).folder).toBe(".parlor/4600");
});

test.each(["80", "65536", "4600.5", "http"])("rejects %s as a port", (port) => {
  expect(() => instanceFromArgs(["--port", port])).toThrow(`\`--port ${port}\` is not a port`);
});

test("no environment variable points the AWS tools to an AWS account", () => {
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
  "%s is not passed to the AWS tools and MiniStack",
  (name) => {
    vi.stubEnv(name, "theirs");
    expect(instance(4600).env).not.toHaveProperty(name);
  },
);

test("the CDK reports nothing to AWS and writes only into this folder", () => {
  expect(instance(4600).env).toMatchObject({
    CDK_DISABLE_CLI_TELEMETRY: "true",
    CDK_DISABLE_VERSION_CHECK: "true",
    CDK_HOME: resolve(".parlor/cdk"),
  });
});
