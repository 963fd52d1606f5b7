// A Lambda Runtime API for one invocation: starts a bundle, sends it an event and reads its answer.
import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { Failure } from "../failure.ts";
import { end, start } from "../processes.ts";

/** Variables that Lambda sets in every function. */
const reserved = {
  AWS_LAMBDA_FUNCTION_NAME: "parlor",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/parlor",
  AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/21/[$LATEST]1",
};

export interface Invocation {
  readonly response: unknown;
  /** From process start to answer. */
  readonly milliseconds: number;
  /** Resident memory at that time; NaN without /proc. */
  readonly residentMegabytes: number;
}

/** Starts a bundle and invokes it with `event`; `log` says what happens to its output. */
export async function invoke(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  event: unknown,
  log: "inherit" | "ignore" = "inherit",
): Promise<Invocation> {
  const [program = "", ...args] = command;
  const server = createServer();
  let child: ChildProcess | undefined;
  const answer = new Promise<Invocation>((resolve, reject) => {
    let isGiven = false;
    let started = 0;
    server.on("request", async (request, response) => {
      if (request.method === "POST") {
        const body = await json(request);
        const milliseconds = performance.now() - started;
        const residentMegabytes = await resident(child?.pid);
        response.writeHead(202).end();
        if (request.url?.endsWith("/response")) resolve({ response: body, milliseconds, residentMegabytes });
        else reject(new Failure(`The bundle failed: ${JSON.stringify(body)}`));
      } else if (!isGiven) {
        isGiven = true;
        response.setHeader("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd");
        response.setHeader("Lambda-Runtime-Deadline-Ms", Date.now() + 30_000);
        response.setHeader("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:f");
        response.end(JSON.stringify(event));
      }
      // There is no further event: like Lambda, leave the request open.
    });
    server.listen(0, "127.0.0.1", () => {
      const AWS_LAMBDA_RUNTIME_API = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      started = performance.now();
      child = start(program, args, { env: { ...env, ...reserved, AWS_LAMBDA_RUNTIME_API }, stdio: log });
      child.on("exit", (code) => reject(new Failure(`The bundle exited with ${code} before it answered.`)));
    });
  });
  return answer.finally(() => {
    if (child) end(child);
    server.closeAllConnections();
    server.close();
  });
}

async function resident(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(status.match(/VmRSS:\s+(\d+) kB/)?.[1]) / 1000;
}
