import { expect, test } from "vitest";
import { tidy } from "./environment.mjs";

const tidied = (env: NodeJS.ProcessEnv, usesAws = false) => {
  tidy(env, usesAws);
  return env;
};

test.each([
  "NODE_ENV",
  "NODE_OPTIONS",
  "npm_config_omit",
  "NPM_CONFIG_OMIT",
  "npm_config_global",
  "npm_config_dry_run",
  "npm_config_ignore_scripts",
  "npm_lifecycle_event",
  "PIP_USER",
  "PIP_TARGET",
  "PIP_REQUIRE_HASHES",
  "PYTHONPATH",
  "PYTHONHOME",
  "PYTHONSAFEPATH",
  "RUSTFLAGS",
  "CARGO_BUILD_TARGET",
  "CARGO_BUILD_TARGET_DIR",
  "CARGO_ENCODED_RUSTFLAGS",
  "CARGO_PROFILE_LOCAL_LTO",
  "CARGO_LAMBDA_OUTPUT_FORMAT",
  "AWS_PROFILE",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_ENDPOINT_URL_DYNAMODB",
  "AWS_CA_BUNDLE",
  "AWS_CONFIG_FILE",
  "AWS_NEVER_HEARD_OF",
  "CDK_DOCKER",
])("removes %s", (name) => {
  expect(tidied({ [name]: "theirs" })).not.toHaveProperty([name]);
});

test.each([
  "PATH",
  "npm_config_registry",
  "npm_config_https_proxy",
  "npm_config_//example.org/:_authToken",
  "PIP_INDEX_URL",
  "PIP_EXTRA_INDEX_URL",
  "PIP_CERT",
  "CARGO_TARGET_DIR",
  "CARGO_REGISTRIES_MINE_TOKEN",
  "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER",
  "RUSTUP_TOOLCHAIN",
  "HTTPS_PROXY",
  "NODE_EXTRA_CA_CERTS",
])("keeps %s", (name) => {
  expect(tidied({ [name]: "theirs" })).toHaveProperty([name], "theirs");
});

test("keeps AWS variables for a command that uses AWS", () => {
  expect(tidied({ AWS_PROFILE: "work" }, true)).toMatchObject({ AWS_PROFILE: "work" });
});

test("adds loopback to the hosts that are not proxied", () => {
  expect(tidied({ HTTP_PROXY: "http://proxy", NO_PROXY: "example.org,localhost" })).toMatchObject({
    NO_PROXY: "example.org,localhost,127.0.0.1,::1",
    no_proxy: "localhost,127.0.0.1,::1",
  });
});
