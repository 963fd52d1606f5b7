// Runs `npm start` in a fresh copy of this folder, with a shell configured for other projects, and creates a room. Then
// moves the folder, starts again and expects the room to be there.
import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { homedir, tmpdir, userInfo } from "node:os";
import { basename, join, resolve } from "node:path";
import { ParlorApi } from "../../client/src/index.ts";
import { Failure } from "../../local/failure.ts";
import { instance } from "../../local/instance.ts";
import { freePort } from "../../local/ministack.ts";
import type { Addresses } from "../../local/outputs.ts";
import { outputsFile } from "../../local/outputs.ts";
import { start } from "../../local/processes.ts";
import { cfnLint } from "../../local/venv.ts";
import type { Report } from "./report.ts";

/** Always the same path, so that cargo can reuse what it compiled. */
const home = join(tmpdir(), `parlor-newcomer-${userInfo().uid}`);
const cloned = join(home, "my parlor (1) it's $HOME & 100% ü");
const moved = join(home, "elsewhere", "Parlor (moved)");
const linked = join(home, "a link");

/** Not copied: installed packages, build results and state. */
const excluded = new Set([".git", "node_modules", "target", ".parlor", "cdk.out", "dist", "__pycache__"]);

const nowhere = "/dev/null/nowhere";

/** First in PATH: makes git fail, as on a machine without it. */
const bin = join(home, "bin");

/** A shell configured for other projects. The caches are this machine's, so that nothing is downloaded again. */
const shell = (): NodeJS.ProcessEnv => ({
  ...process.env,
  CARGO_TARGET_DIR: resolve(process.env.CARGO_TARGET_DIR ?? "target"),
  CARGO_HOME: process.env.CARGO_HOME ?? join(homedir(), ".cargo"),
  RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), ".rustup"),
  PIP_CACHE_DIR:
    process.env.PIP_CACHE_DIR ?? join(homedir(), process.platform === "darwin" ? "Library/Caches/pip" : ".cache/pip"),
  npm_config_cache: process.env.npm_config_cache ?? join(homedir(), ".npm"),
  npm_config_userconfig: process.env.npm_config_userconfig ?? join(homedir(), ".npmrc"),
  PATH: `${bin}:${process.env.PATH}`,
  // Cannot be read or written.
  HOME: nowhere,
  NODE_ENV: "production",
  NODE_OPTIONS: "--no-deprecation",
  npm_config_omit: "dev",
  npm_config_include: "",
  PIP_USER: "1",
  PIP_TARGET: nowhere,
  PIP_REQUIRE_HASHES: "1",
  PYTHONPATH: nowhere,
  PYTHONHOME: nowhere,
  PYTHONSAFEPATH: "1",
  RUSTFLAGS: "--not-a-flag",
  CARGO_BUILD_TARGET: "wasm32-unknown-unknown",
  CARGO_LAMBDA_OUTPUT_FORMAT: "zip",
  AWS_PROFILE: "work",
  AWS_REGION: "eu-central-1",
  AWS_DEFAULT_REGION: "eu-central-1",
  AWS_USE_DUALSTACK_ENDPOINT: "true",
  AWS_USE_FIPS_ENDPOINT: "true",
  AWS_CONFIG_FILE: nowhere,
  AWS_CA_BUNDLE: nowhere,
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:9",
  CDK_DEFAULT_ACCOUNT: "123456789012",
  GATEWAY_PORT: "9",
  PERSIST_STATE: "0",
  USE_SSL: "1",
  LAMBDA_EXECUTOR: "docker",
  LANG: "C",
  LC_ALL: "C",
  CI: "true",
});

/** The same shell behind a proxy. */
const shellBehind = (proxy: string): NodeJS.ProcessEnv => ({
  ...shell(),
  HTTP_PROXY: proxy,
  HTTPS_PROXY: proxy,
  ALL_PROXY: proxy,
  http_proxy: proxy,
  https_proxy: proxy,
  all_proxy: proxy,
  npm_config_proxy: proxy,
  npm_config_https_proxy: proxy,
  NODE_USE_ENV_PROXY: "1",
});

interface Running {
  readonly child: ChildProcess;
  readonly addresses: Addresses;
}

export async function newcomer(report: Report): Promise<void> {
  const port = await freePort();
  const proxy = await listen("127.0.0.1");
  let proxied = 0;
  proxy.on("connection", (socket) => {
    proxied++;
    socket.destroy();
  });
  await rm(home, { recursive: true, force: true });
  await mkdir(join(home, "elsewhere"), { recursive: true });
  await mkdir(bin);
  await writeFile(join(bin, "git"), "#!/bin/sh\nexit 127\n", { mode: 0o755 });
  await cp(".", cloned, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => path === "." || !excluded.has(basename(path)),
  });

  let kept: { roomId: string; token: string } | undefined;
  const passed = [
    await report.check(
      "Newcomer: npm start in a folder with an unusual name and a shell configured for other projects",
      async () => {
        const running = await npmStart(cloned, port, shell());
        const { apiUrl } = running.addresses;
        const { token } = await new ParlorApi(apiUrl).createSession("Newcomer");
        const { roomId } = await new ParlorApi(apiUrl, async () => token).createRoom({ name: "Kept" });
        kept = { roomId, token };
        await interrupt(running);
      },
    ),
    await report.check(
      "Newcomer: after moving the folder, behind a symlink and a proxy, the room is still there",
      async () => {
        if (!kept) throw new Failure("The first start failed.");
        await rename(cloned, moved);
        await symlink(moved, linked);
        const running = await npmStart(linked, port, shellBehind(`http://127.0.0.1:${portOf(proxy)}`));
        const { roomId, token } = kept;
        const api = new ParlorApi(running.addresses.apiUrl, async () => token);
        await api.me();
        await api.room(roomId);
        await interrupt(running);
        if (proxied > 0) throw new Failure(`${proxied} connections went to the proxy.`);
      },
    ),
    await report.check("Newcomer: installed scripts still run", async () => {
      await succeed("npm", ["run", "iam"], shell());
      await succeed(".parlor/venv/bin/python", [...cfnLint, "--version"], process.env);
    }),
    await report.check("Newcomer: a port in use on either loopback address is reported in one sentence", async () => {
      for (const host of ["127.0.0.1", "::1"]) {
        const other = await listen(host).catch(() => undefined);
        if (!other) continue;
        const taken = portOf(other);
        const { code, output } = await ended(npm(moved, taken, shell()));
        other.close();
        const lastLine = output.trim().split("\n").at(-1) ?? "";
        if (code !== 1 || !lastLine.startsWith(`Port ${taken} is in use`)) throw new Failure(output);
      }
    }),
  ];
  proxy.close();
  if (!passed.includes(false)) await rm(home, { recursive: true, force: true });
}

async function listen(host: string): Promise<Server> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** With a umask under which only the owner can read new files. */
const npm = (cwd: string, port: number, env: NodeJS.ProcessEnv) =>
  start("sh", ["-c", 'umask 077; exec npm start -- --port "$1"', "sh", String(port)], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });

async function npmStart(cwd: string, port: number, env: NodeJS.ProcessEnv): Promise<Running> {
  const child = npm(cwd, port, env);
  const started = new Promise<void>((resolve) => {
    child.stdout?.on("data", (text) => String(text).includes("Parlor is ready") && resolve());
  });
  const end = ended(child);
  const early = await Promise.race([started, end]);
  if (early) throw new Failure(early.output);
  const file = join(cwd, outputsFile(instance(port)));
  return { child, addresses: JSON.parse(await readFile(file, "utf8")) };
}

/** Resolves with output and exit code when the process ends. */
async function ended(child: ChildProcess): Promise<{ output: string; code: number }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text) => {
      output += text;
    });
  }
  const [code] = await once(child, "close");
  return { output, code };
}

/** Sends Ctrl-C as a terminal does: to the whole process group. */
async function interrupt({ child }: Running): Promise<void> {
  const end = once(child, "close");
  process.kill(-(child.pid ?? 0), "SIGINT");
  const [code] = await end;
  if (code !== 0) throw new Failure(`npm start exited with ${code} after Ctrl-C.`);
  const left = execFileSync("ps", ["-axo", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(home));
  if (left.length > 0) throw new Failure(`Still running after Ctrl-C:\n${left.join("\n")}`);
}

/** Runs a command in the moved folder. */
async function succeed(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await ended(start(command, args, { cwd: moved, env, stdio: ["ignore", "pipe", "pipe"] }));
  if (code !== 0) throw new Failure(output);
}
