// The commands for operators, on a local cloud with the stage deployed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { stages } from "../../../cdk/stages.ts";
import { element, query, succeed } from "../../../local/calls.ts";
import type { Instance } from "../../../local/instance.ts";
import { physicalId, stackResources } from "../../../local/resources.ts";
import { allSent } from "../../../tests/support/room.ts";
import { eventually, until } from "../../../tests/support/until.ts";
import { endRoom } from "../end-room.ts";
import { bucketsOf, RoomRows, type RoomTables } from "../room-rows.ts";
import { type DeployedCloud, deployedCloud } from "./deployed-cloud.ts";

let local: DeployedCloud;
let at: Instance;
let tables: RoomTables;
const visit = () => local.visit();

beforeAll(async () => {
  local = await deployedCloud();
  at = local.at;
  const resources = await stackResources(at);
  const table = (name: string) => physicalId(resources, "AWS::DynamoDB::GlobalTable", `Tables${name}`);
  tables = {
    rooms: table("Rooms"),
    connections: table("Connections"),
    messages: table("Messages"),
    members: table("Members"),
    limits: table("Limits"),
  };
}, 600_000);
afterAll(() => local?.stop());

function start(name: string, args: string[]): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ["scripts/run.mjs", name, "--stage", "local", "--port", `${at.port}`, ...args]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  return { child, output: () => output };
}

/** Runs an npm command about the local stage, types the answer and ends its input. */
async function command(name: string, args: string[], answer = "") {
  const { child, output } = start(name, args);
  child.stdin?.end(answer);
  const [code] = await once(child, "close");
  return { code, output: output() };
}

/** Returns a client with the credentials of a role that may do this with the stage's tables. */
async function roleThatMay(name: string, ...actions: string[]): Promise<DynamoDBClient> {
  const allow = (statement: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const role = { RoleName: name };
  const trust = allow({ Action: "sts:AssumeRole", Principal: { AWS: "*" } });
  await succeed(at, query("iam", { Action: "CreateRole", ...role, AssumeRolePolicyDocument: trust }));
  const PolicyDocument = allow({ Action: actions, Resource: "arn:aws:dynamodb:*:*:table/*" });
  await succeed(at, query("iam", { Action: "PutRolePolicy", ...role, PolicyName: "tables", PolicyDocument }));
  const RoleArn = `arn:aws:iam::000000000000:role/${name}`;
  const answer = await succeed(at, query("sts", { Action: "AssumeRole", RoleArn, RoleSessionName: "operator" }));
  const credentials = {
    accessKeyId: element(answer, "AccessKeyId"),
    secretAccessKey: element(answer, "SecretAccessKey"),
    sessionToken: element(answer, "SessionToken"),
  };
  return new DynamoDBClient({ endpoint: at.endpoint, region: "us-east-1", credentials });
}

const administrator = () =>
  new DynamoDBClient({
    endpoint: at.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });

test("logs show one readable line per invocation, of all routes or one, and none with a room or a text", async () => {
  const stage = visit();
  const { roomId } = await stage.room();
  const room = await stage.join(roomId, "Ada");
  room.send("a very secret text");
  await until("the line of the send is there", async () => / send +ok /.test((await command("logs", [])).output));
  const { output } = await command("logs", []);
  expect(output).toMatch(/Z {2}join +ok +\d+ ms/);
  expect(output).not.toMatch(/secret|REPORT|_aws/);
  expect(output).not.toContain(roomId);
  const ofOne = await command("logs", ["--route", "send", "--since", "15m"]);
  expect(ofOne.output.split("\n").filter((line) => line && !/Z {2}send /.test(line))).toEqual([]);
  expect((await command("logs", ["--route", "send", "--all"])).output).toContain("REPORT");
});

test("logs of a route that does not exist, or of a time that is none, are refused", async () => {
  expect(await command("logs", ["--route", "x"])).toEqual({
    code: 1,
    output: expect.stringContaining("choose one of"),
  });
  expect((await command("logs", ["--since", "soon"])).output).toContain("write 90s, 15m, 1h or 2d");
});

test("following shows a line that is written later", async () => {
  const { child, output } = start("logs", ["--route", "list-rooms", "--since", "1s", "--follow"]);
  onTestFinished(() => void child.kill());
  await until("it has begun", async () => output().includes("Nothing was logged"));
  await visit().api.rooms();
  await until("the line is shown", async () => /list-rooms +ok/.test(output()));
});

test("inspect shows a room, its log and who is there, and texts only if asked", async () => {
  const stage = visit();
  const { roomId } = await stage.room({ name: "Tea", maxPeople: 5, password: "open sesame" });
  const { pass } = await stage.api.createPass(roomId, "open sesame");
  const room = await stage.tab().client.join(roomId, { name: "Ada", pass });
  for (const text of ["first words", "second words"]) room.send(text);
  await until("both are stored", async () => allSent(room));
  const { code, output } = await command("inspect", ["--room", roomId]);
  expect(code, output).toBe(0);
  expect(output).toContain(`${roomId} "Tea"`);
  expect(output).toMatch(/rules +at most 5 people, password/);
  expect(output).toContain("last number 2");
  expect(output).toMatch(/2 {2}message .* "Ada" {2}12 characters/);
  expect(output).toMatch(/ "Ada", 1 connection, until/);
  expect(output).toContain("held: 1");
  expect(output).not.toMatch(/ words|sesame|passKey/);
  const texts = await command("inspect", ["--room", roomId, "--around", "1", "--texts"]);
  expect(texts.output).toContain('"first words"');
});

test("inspect shows a row that no function can read, and refuses a room that does not exist", async () => {
  const stage = visit();
  const { roomId } = await stage.room();
  const room = await stage.join(roomId, "Ada");
  room.send("hello");
  await until("it is stored", async () => allSent(room));
  const db = administrator();
  const row = await new RoomRows(db, tables).room(roomId);
  const Item = marshall({ roomId, sk: `event#${row?.epoch}#0000000000000001`, type: "poll" });
  await db.send(new PutItemCommand({ TableName: tables.messages, Item }));
  expect((await command("inspect", ["--room", roomId])).output).toContain(`the row's type is "poll"`);
  expect(await command("inspect", ["--room", "none"])).toEqual({
    code: 1,
    output: expect.stringContaining("There is no room none"),
  });
});

test("reading a room takes a role that may only read, and with it nobody can end one", async () => {
  const { roomId } = await visit().room();
  const db = await roleThatMay("reads", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem");
  const rows = new RoomRows(db, tables);
  const room = await rows.room(roomId);
  await rows.log(roomId, String(room?.epoch), 1, 9);
  await rows.claims(roomId);
  await rows.taken(bucketsOf(roomId, await rows.occupants(roomId), stages.local.rates), Date.now());
  await expect(endRoom(db, tables.rooms, roomId, Date.now())).rejects.toThrow(/AccessDenied|not authorized/);
  const operator = await roleThatMay("ends", "dynamodb:UpdateItem");
  expect(await endRoom(operator, tables.rooms, roomId, Date.now())).toBe(true);
});

test("closing a room needs a yes, tells those inside, and records who did it and why; a corrupt row is in nobody's way", async () => {
  const stage = visit();
  const corrupt = marshall({ roomId: "corrupt", name: 7, sweepQueue: "open#0", sweepAt: 1 });
  await administrator().send(new PutItemCommand({ TableName: tables.rooms, Item: corrupt }));
  const { roomId } = await stage.room();
  const socket = await stage.socket();
  socket.send({ action: "join", room: roomId, name: "Ada" });
  await socket.next("joined");
  const close = ["close-room", "--room", roomId, "--reason", "spam of links"];
  expect((await command("admin", close, "no\n")).code).toBe(1);
  socket.send({ action: "send", room: roomId, id: "1", text: "still open" });
  await socket.next("ack");

  const { code, output } = await command("admin", [...close, "--yes"]);
  expect(code, output).toBe(0);
  expect(output).toContain("They were told");
  expect((await socket.next("left")).reason).toBe("expired");
  socket.send({ action: "join", room: roomId, name: "Ada" });
  expect((await socket.next("error")).code).toBe("roomClosed");

  // A sweep writes its line at its end, a minute later.
  await eventually("the sweep's line is there", async () =>
    /sweep +ok .*failed=[1-9]/.test((await command("logs", ["--route", "sweep"])).output),
  );
  expect((await command("inspect", ["--room", "corrupt"])).output).toContain('corrupt "?"');

  const { output: record } = await command("logs", ["--operators"]);
  const whole = `action=close-room room=${roomId} reason=spam of links by=arn:aws:iam::000000000000:root`;
  expect(record.split("\n").filter((line) => line.endsWith(whole))).toHaveLength(2);
  expect(await command("admin", [...close, "--yes"])).toEqual({
    code: 1,
    output: expect.stringContaining("over already"),
  });
}, 400_000);

test("a room that is over, or does not exist, is not ended again", async () => {
  const stage = visit();
  const { roomId } = await stage.room();
  const end = () => endRoom(administrator(), tables.rooms, roomId, Date.now());
  expect([await end(), await end()]).toEqual([true, false]);
  expect(await endRoom(administrator(), tables.rooms, "none", Date.now())).toBe(false);
});

test.each([
  [["close-room", "--reason", "x"], "Name a room"],
  [["close-room", "--room", "r"], "Give a reason"],
  [["open-room"], "Say what to do"],
  [["close-room", "--room", "commons", "--reason", "x"], "cannot be closed"],
  [["close-room", "--room", "c-0123456789abcdef", "--reason", "x"], "cannot be closed"],
])("%j is refused with what is missing", async (args, text) => {
  expect(await command("admin", args)).toEqual({ code: 1, output: expect.stringContaining(text) });
});
