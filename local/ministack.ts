// Starts MiniStack, the AWS emulator behind the local cloud, on loopback and with IAM enforced.
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.ts";
import { type Instance, startOver } from "./instance.ts";
import { end, exitCode, exitGracefully, start } from "./processes.ts";
import { venvPython } from "./venv.ts";

const host = "127.0.0.1";

export interface MiniStack {
  readonly ended: Promise<unknown>;
  stop(): void;
}

/** Starts MiniStack; `onInvocation` gets one line of JSON per function invocation (see launch_ministack.py). */
export async function startMiniStack(at: Instance, onInvocation: (json: string) => void): Promise<MiniStack> {
  await assertPortIsFree(at.port);
  const temporary = resolve(at.folder, "tmp");
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const state = resolve(at.folder, "state");
  if (at.state === "fresh") rmSync(state, { recursive: true, force: true });
  const log = join(at.folder, "ministack.log");
  const launcher = fileURLToPath(new URL("launch_ministack.py", import.meta.url));
  const child = start(venvPython, [launcher], {
    env: {
      ...at.env,
      GATEWAY_PORT: String(at.port),
      BIND_HOST: host,
      // Enforces IAM: a call that the function's role does not grant fails with AccessDeniedException, as on AWS.
      AUTH: "true",
      TMPDIR: temporary,
      LOG_LEVEL: "WARNING",
      IOT_MTLS_ENABLED: "false",
      ...(at.state && { PERSIST_STATE: "1", STATE_DIR: state }),
    },
    stdio: ["pipe", "pipe", openSync(log, "w")],
  });
  if (child.stdout) createInterface({ input: child.stdout }).on("line", onInvocation);
  const ended = exitCode(child);
  if (at.state) {
    exitGracefully(child, () => {
      console.log("Saving rooms and people for the next start. Press Ctrl-C again to skip this.");
      child.stdin?.end();
    });
  }
  while (!(await isReady(at.port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const again = existsSync(state) ? ` ${startOver}` : "";
      throw new Failure(`MiniStack did not start: see its log, ${log}.${again}`);
    }
    await setTimeout(50);
  }
  return { ended, stop: () => end(child) };
}

/** The addresses that `localhost` can resolve to, also in a browser: no other program may listen there. */
const loopback = [host, "::1"];

async function assertPortIsFree(port: number): Promise<void> {
  if (!(await isFree(port))) {
    throw new Failure(
      `Port ${port} is in use: stop the program that uses it, or choose another port with \`npm start -- --port N\`.`,
    );
  }
}

const isFree = async (port: number) => !(await Promise.all(loopback.map((host) => answers(host, port)))).includes(true);

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.on("connect", () => done(true)).on("error", () => done(false));
  });
}

/** Returns an unused port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return (await isFree(port)) ? port : freePort();
}

const isReady = (port: number) =>
  fetch(`http://${host}:${port}/_ministack/ready`).then(
    (response) => response.ok,
    () => false,
  );

export async function assertIsRunning(at: Instance): Promise<void> {
  if (!(await isReady(at.port))) {
    throw new Failure(`No local cloud is running on port ${at.port}: start one with \`npm start\`.`);
  }
}
