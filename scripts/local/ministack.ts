// MiniStack, the AWS emulator that the local cloud is: started on loopback, with IAM enforced.
import { once } from "node:events";
import { mkdirSync, openSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.ts";
import type { Instance } from "./instance.ts";
import { end, start } from "./processes.ts";
import { venvBin } from "./venv.ts";

const host = "127.0.0.1";

export interface MiniStack {
  readonly ended: Promise<unknown>;
  stop(): void;
}

/** Starts MiniStack; `onInvocation` gets one line of JSON for each invocation of a function (see launch_ministack.py). */
export async function startMiniStack(at: Instance, onInvocation: (json: string) => void): Promise<MiniStack> {
  await assertPortIsFree(at.port);
  const temporary = resolve(at.folder, "tmp");
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const log = join(at.folder, "ministack.log");
  const launcher = fileURLToPath(new URL("launch_ministack.py", import.meta.url));
  const child = start(join(venvBin, "python"), [launcher], {
    env: {
      ...at.env,
      GATEWAY_PORT: String(at.port),
      BIND_HOST: host,
      AUTH: "true",
      TMPDIR: temporary,
      LOG_LEVEL: "WARNING",
      IOT_MTLS_ENABLED: "false",
    },
    stdio: ["pipe", "pipe", openSync(log, "w")],
  });
  if (child.stdout) createInterface({ input: child.stdout }).on("line", onInvocation);
  const ended = once(child, "exit");
  while (!(await isReady(at.port))) {
    if (child.exitCode !== null) throw new Failure(`MiniStack did not start: its log, ${log}, says why.`);
    await setTimeout(50);
  }
  return { ended, stop: () => end(child) };
}

async function assertPortIsFree(port: number): Promise<void> {
  const server = createServer().listen(port, host);
  try {
    await once(server, "listening");
  } catch {
    throw new Failure(`Port ${port} is in use: end what runs there, or choose another with \`npm start -- --port N\`.`);
  }
  server.close();
  await once(server, "close");
}

/** A port that nothing uses. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const isReady = (port: number) =>
  fetch(`http://${host}:${port}/_ministack/ready`).then(
    (response) => response.ok,
    () => false,
  );

export async function assertIsRunning(at: Instance): Promise<void> {
  if (!(await isReady(at.port))) {
    throw new Failure(`No local cloud runs on port ${at.port}: start one with \`npm start\`.`);
  }
}
