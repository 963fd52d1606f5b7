// A local cloud's saved state after it, or the process that started it, ends in any way.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { dynamoDb, send, succeed } from "../../local/calls.ts";
import { type Instance, instance } from "../../local/instance.ts";
import { freePort } from "../../local/ministack.ts";
import { installVenv } from "../../local/venv.ts";
import { eventually, LONG_WAIT_LIMIT_MS } from "../support/until.ts";

let at: Instance;

beforeAll(async () => {
  await installVenv();
  at = instance(await freePort());
}, 300_000);
beforeEach(() => {
  rmSync(at.folder, { recursive: true, force: true });
  mkdirSync(at.folder, { recursive: true });
});
afterAll(() => rmSync(at.folder, { recursive: true, force: true }));

const stateFile = () => join(at.folder, "state", "dynamodb.json");

/** Spawns a starter. Returns it with a function that reads its standard error so far. */
function spawnStarter(state: string) {
  const args = ["--import", "tsx", "tests/local-cloud/starter.ts", String(at.port), state];
  const starter = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(async () => {
    starter.kill("SIGKILL");
    await eventually("MiniStack no longer answers", async () => !(await isAnswering()));
  }, LONG_WAIT_LIMIT_MS);
  let errors = "";
  starter.stderr.on("data", (data) => {
    errors += data;
  });
  return { starter, errors: () => errors };
}

/** Spawns a starter and waits until its MiniStack is ready, or it has ended. */
async function start(state = "kept") {
  const started = spawnStarter(state);
  await Promise.race([once(started.starter.stdout, "data"), once(started.starter, "close")]);
  return started;
}

const isAnswering = () =>
  fetch(`${at.endpoint}/_ministack/ready`).then(
    () => true,
    () => false,
  );

/** Returns the process id of the MiniStack that this starter has started, or NaN. */
function miniStackOf({ pid }: ChildProcess): number {
  const lines = execFileSync("ps", ["-axo", "ppid=,pid=,args="], { encoding: "utf8" }).split("\n");
  const ofStarter = lines.map((line) => line.trim().split(/\s+/)).filter(([parent]) => parent === `${pid}`);
  return Number(ofStarter.find((words) => words.at(-1)?.endsWith("launch_ministack.py"))?.[1]);
}

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const createTable = () =>
  succeed(
    at,
    dynamoDb("CreateTable", {
      TableName: "Numbers",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "number", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "number", KeyType: "RANGE" },
      ],
    }),
  );

const put = (number: number) =>
  succeed(at, dynamoDb("PutItem", { TableName: "Numbers", Item: { pk: { S: "all" }, number: { N: `${number}` } } }));

async function numbers(): Promise<number[]> {
  const { Items } = JSON.parse(await succeed(at, dynamoDb("Scan", { TableName: "Numbers" })));
  return Items.map(({ number }: { number: { N: string } }) => Number(number.N)).sort((a: number, b: number) => a - b);
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s to the starter saves everything and leaves nothing running",
  async (signal) => {
    const { starter } = await start();
    const miniStack = miniStackOf(starter);
    await createTable();
    await put(1);
    starter.kill(signal);
    expect(await once(starter, "exit")).toEqual([0, null]);
    expect(isRunning(miniStack)).toBe(false);
    await start();
    expect(await numbers()).toEqual([1]);
  },
  180_000,
);

test("killing the starter saves everything and leaves nothing running", async () => {
  const { starter } = await start();
  const miniStack = miniStackOf(starter);
  await createTable();
  await put(1);
  starter.kill("SIGKILL");
  await eventually("MiniStack has ended", () => !isRunning(miniStack));
  await start();
  expect(await numbers()).toEqual([1]);
});

test("SIGTERM to MiniStack saves everything and ends the starter", async () => {
  const { starter } = await start();
  const miniStack = miniStackOf(starter);
  await createTable();
  await put(1);
  process.kill(miniStack, "SIGTERM");
  expect(await once(starter, "exit")).toEqual([1, null]);
  await start();
  expect(await numbers()).toEqual([1]);
});

test("killing MiniStack loses at most what was written after the last save, and ends the starter", async () => {
  const { starter } = await start();
  const miniStack = miniStackOf(starter);
  await createTable();
  let written = 0;
  let saved = 0;
  await eventually("something is saved", async () => {
    await put(++written);
    saved = savedNumbers();
    return saved > 0;
  });
  process.kill(miniStack, "SIGKILL");
  await once(starter, "exit");
  await start();
  const left = await numbers();
  expect(left).toEqual(Array.from({ length: left.length }, (_, n) => n + 1));
  expect(left.length).toBeGreaterThanOrEqual(saved);
});

function savedNumbers(): number {
  try {
    const { data } = JSON.parse(readFileSync(stateFile(), "utf8")).payload.tables;
    const [table] = Object.values<{ ItemCount: number }>(data);
    return table?.ItemCount ?? 0;
  } catch {
    return 0;
  }
}

test("two signals at once count as one Ctrl-C, because npm passes on what the terminal also sends", async () => {
  const { starter } = await start();
  await createTable();
  await put(1);
  starter.kill("SIGINT");
  starter.kill("SIGTERM");
  expect(await once(starter, "exit")).toEqual([0, null]);
  await start();
  expect(await numbers()).toEqual([1]);
});

test("a second Ctrl-C ends everything without waiting for the save", async () => {
  const { starter } = await start();
  const miniStack = miniStackOf(starter);
  process.kill(miniStack, "SIGSTOP");
  const exit = once(starter, "exit");
  await eventually("the starter has ended", () => {
    starter.kill("SIGINT");
    return starter.exitCode !== null || starter.signalCode !== null;
  });
  await exit;
  await eventually("MiniStack has ended", () => !isRunning(miniStack));
});

test("MiniStack ends if its starter is killed before it is ready", async () => {
  const { starter } = spawnStarter("kept");
  let miniStack = Number.NaN;
  await eventually("MiniStack has been started", () => {
    miniStack = miniStackOf(starter);
    return !Number.isNaN(miniStack);
  });
  starter.kill("SIGKILL");
  await eventually("MiniStack has ended", () => !isRunning(miniStack));
});

test("the start fails if MiniStack is killed before it is ready", async () => {
  const { starter, errors } = spawnStarter("kept");
  let miniStack = Number.NaN;
  await eventually("MiniStack has been started", () => {
    miniStack = miniStackOf(starter);
    return !Number.isNaN(miniStack);
  });
  process.kill(miniStack, "SIGKILL");
  await once(starter, "close");
  expect(errors()).toContain("MiniStack did not start");
});

test("--fresh discards the saved state", async () => {
  const { starter } = await start();
  await createTable();
  starter.kill("SIGINT");
  await once(starter, "exit");
  await start("fresh");
  expect((await send(at, dynamoDb("DescribeTable", { TableName: "Numbers" }))).text).toContain(
    "ResourceNotFoundException",
  );
});

test("unreadable state fails the start with an explanation", async () => {
  mkdirSync(join(at.folder, "state"));
  writeFileSync(stateFile(), "{");
  const { errors } = await start();
  expect(errors()).toContain("`npm start -- --fresh` starts over");
  expect(readFileSync(join(at.folder, "ministack.log"), "utf8")).toMatch(/Could not read .*dynamodb\.json/);
});
