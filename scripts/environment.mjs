// Removes environment variables meant for other projects before anything is installed, built or started. Plain JavaScript
// without dependencies, like run.mjs.

/** Of these variables, only those about package sources, credentials, proxies and caches are kept. */
const kinds = [
  {
    of: /^npm_/i,
    kept: /^npm_config_(\/\/.*|.*_auth.*|.*registry|.*proxy|noproxy|ca|cafile|cert|key|strict_ssl|cache|userconfig|globalconfig|offline|prefer_offline|fetch_.*|maxsockets)$/i,
  },
  {
    of: /^PIP_/,
    kept: /^PIP_(.*INDEX.*|FIND_LINKS|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|CACHE_DIR|NO_CACHE_DIR|CONFIG_FILE|(DEFAULT_)?TIMEOUT|RETRIES|KEYRING_PROVIDER)$/,
  },
  { of: /^PYTHON/ },
  {
    of: /^CARGO_/,
    kept: /^CARGO_(HOME|TARGET_DIR|BUILD_JOBS|INCREMENTAL|(NET|HTTP|REGISTRY|REGISTRIES|SOURCE|TERM)_.*|TARGET_.*_(LINKER|RUNNER))$/,
  },
  { of: /^(RUSTC|RUSTFLAGS|RUSTDOCFLAGS)$/ },
  { of: /^NODE_(ENV|OPTIONS|PATH)$/ },
];

/** A profile, Region or endpoint of another project. */
const aws = { of: /^(AWS|CDK)_/ };

const loopback = ["localhost", "127.0.0.1", "::1"];

/** Changes `env`. A command that `usesAws` keeps the AWS variables. */
export function tidy(env, usesAws = false) {
  for (const { of, kept } of usesAws ? kinds : [...kinds, aws]) {
    for (const name of Object.keys(env)) {
      if (of.test(name) && !kept?.test(name)) delete env[name];
    }
  }
  // Independent of the locale.
  env.PYTHONUTF8 = "1";
  // Parlor supports Node 20, so the warning is noise.
  env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const others = (env[name] ?? "").split(",").filter((host) => host && !loopback.includes(host));
    env[name] = [...others, ...loopback].join(",");
  }
}
