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
  const { env } = instance(4600);
  expect(env).toMatchObject({ AWS_ENDPOINT_URL: "http://localhost:4600", AWS_ACCESS_KEY_ID: "test" });
  expect(env).not.toHaveProperty("AWS_PROFILE");
  expect(env).not.toHaveProperty("AWS_SESSION_TOKEN");
});
