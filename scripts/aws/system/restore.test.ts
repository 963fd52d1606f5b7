// Recovery, rehearsed on a local cloud: functions that are refused, restored tables, a lost key, an emptied page. The local cloud
// restores a table as it is now: what is written after that stands for what came after the time that is restored.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Room } from "../../../client/src/index.ts";
import { rest, secretsManager, succeed } from "../../../local/calls.ts";
import { s3 } from "../../../local/clients.ts";
import type { LocalCloud } from "../../../local/cloud.ts";
import type { Instance } from "../../../local/instance.ts";
import { uploadPage } from "../../../local/page.ts";
import { run } from "../../../local/processes.ts";
import { physicalId, stackResources } from "../../../local/resources.ts";
import { allSent } from "../../../tests/support/room.ts";
import { until } from "../../../tests/support/until.ts";
import { type Deployed, findDeployed } from "../deployed.ts";
import { startFunctions, stopFunctions, tablesInUse } from "../functions.ts";
import { forEachTable, restoredNames, restoreTables } from "../recovery.ts";
import { continueRooms } from "../restored-rooms.ts";
import { type DeployedCloud, deployedCloud } from "./deployed-cloud.ts";

const json = { "content-type": "application/json" };

let local: DeployedCloud;
let at: Instance;
let cloud: LocalCloud;
let deployed: Deployed;
let db: DynamoDBClient;
const visit = () => local.visit();

beforeAll(async () => {
  local = await deployedCloud();
  ({ at, cloud } = local);
  for (const [name, value] of Object.entries(at.env)) vi.stubEnv(name, value);
  deployed = await findDeployed({ stage: "local", port: `${at.port}` });
  db = new DynamoDBClient({ region: "us-east-1" });
}, 600_000);
afterAll(() => local?.stop());

async function send(room: Room, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    room.send(text);
    await until(`"${text}" is stored`, async () => allSent(room));
  }
}

async function command(name: string, ...args: string[]) {
  const child = spawn(process.execPath, ["scripts/run.mjs", name, "--stage", "local", "--port", `${at.port}`, ...args]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const [code] = await once(child, "close");
  return { code, output };
}

test("while every invocation is refused, a message waits in the client, and it is sent once when they are accepted again", async () => {
  const stage = visit();
  const { roomId } = await stage.room();
  const [ada, ben] = [await stage.join(roomId, "Ada"), await stage.join(roomId, "Ben")];
  await stopFunctions(deployed);
  expect((await fetch(`${cloud.apiUrl}/rooms`)).ok).toBe(false);
  ada.send("meanwhile");
  expect(ada.messages.map(({ status }) => status)).toEqual(["pending"]);
  await startFunctions(deployed);
  await until("Ben has it", async () => ben.messages.length > 0 && allSent(ada));
  expect(ben.messages.map(({ text }) => text)).toEqual(["meanwhile"]);
});

test("backup says what can be restored, and makes backups that stay", async () => {
  const { code, output } = await command("backup");
  expect(code, output).toBe(0);
  expect(output.match(/recovery is off/g)).toHaveLength(4);
  expect((await command("backup", "--now")).output.match(/arn:aws:dynamodb:\S+\/backup\//g)).toHaveLength(4);
});

test.each([
  [[], "Give one of"],
  [["--at", "yesterday"], "write 2026-11-30T12:00:00Z"],
  [["--at", "2026-11-30T12:00:00Z"], "has no point-in-time recovery"],
  [["--switch"], "must name restored tables"],
])("restore with %j is refused with what to do", async (args, text) => {
  expect(await command("restore", ...args)).toEqual({ code: 1, output: expect.stringContaining(text) });
});

test("a stage goes on with restored tables: no number is used twice, and what came after is gone", async () => {
  const stage = visit();
  const owner = await stage.guest("Owner");
  const { roomId } = await owner.api.createRoom({ name: "Kept" });
  const sender = await stage.join(roomId, "Ada");
  await send(sender, "one", "two");
  const [ada, ben] = [await stage.guest("Ada"), await stage.guest("Ben")];
  const say = async (id: string) => {
    const socket = await stage.socket({ protocols: ["parlor.v1", `token.${ada.token}`] });
    socket.send({ action: "send", room: conversation, id, text: "hello" });
    return (await socket.next("ack")).seq;
  };
  await stage.socket({ protocols: ["parlor.v1", `token.${ben.token}`] });
  const { room: conversation } = await ada.api.createConversation({ with: ben.userId });
  expect(await say("1")).toBe(1);

  const live = await tablesInUse(deployed);
  const restored = restoredNames("parlor-local", new Date());
  await restoreTables(db, live, restored, new Date(), () => {});
  await restoreTables(db, live, restored, new Date(), () => {});
  await forEachTable(restored, async (TableName) => {
    const { Table } = await db.send(new DescribeTableCommand({ TableName }));
    const { TimeToLiveDescription: ttl } = await db.send(new DescribeTimeToLiveCommand({ TableName }));
    expect([Table?.DeletionProtectionEnabled, ttl?.AttributeName]).toEqual([true, "ttl"]);
  });

  await send(sender, "three, which people have seen");
  const { roomId: later } = await owner.api.createRoom({ name: "Later" });
  await stopFunctions(deployed);
  // As if Members had been restored to a moment before a change of members.
  await db.send(
    new UpdateItemCommand({
      TableName: restored.rooms,
      Key: marshall({ roomId: conversation }),
      UpdateExpression: "SET membersVersion = :version, membersCount = :count",
      ExpressionAttributeValues: marshall({ ":version": 7, ":count": 3 }),
    }),
  );
  const { ahead } = await continueRooms(db, restored, live, Date.now());
  expect(ahead).toBe(1);
  expect((await continueRooms(db, restored, live, Date.now())).ahead).toBe(0);
  const context = [`stage=local`, `port=${at.port}`, `tables=${JSON.stringify(restored)}`].flatMap((one) => [
    "-c",
    one,
  ]);
  const env = { ...process.env, ...at.env };
  const options = [
    "--output",
    join(at.folder, "restored.out"),
    "--require-approval=never",
    "--no-notices",
    "--no-color",
  ];
  await run("node_modules/.bin/cdk", ["deploy", "--all", ...options, ...context], { env, onLine: () => {} });
  await startFunctions(deployed);
  expect(await tablesInUse(deployed)).toEqual(restored);

  const room = await stage.join(roomId, "Ben");
  expect(room.messages.map(({ text, seq }) => [seq, text])).toEqual([
    [1, "one"],
    [2, "two"],
  ]);
  await send(room, "after");
  expect(room.messages.at(-1)).toMatchObject({ seq: 4, text: "after" });
  await expect(owner.api.room(later)).rejects.toMatchObject({ code: "roomNotFound" });
  expect(await say("2")).toBe(2);
}, 400_000);

test("if the key of tokens is deleted, new guests are refused until it is restored, and tokens of before stay valid", async () => {
  const resources = await stackResources(at);
  const SecretId = physicalId(resources, "AWS::SecretsManager::Secret", "TokenKey");
  const before = await visit().guest("Ada");
  /** Replaces the functions' processes, which keep the key for five minutes. */
  const forgetKeys = async (reason: string) => {
    for (const route of ["createsession", "getme"]) {
      const name = physicalId(resources, "AWS::Lambda::Function", `${route}Function`);
      const path = `/2015-03-31/functions/${name}/configuration`;
      const { Environment } = JSON.parse(await succeed(at, rest("lambda", "GET", path)));
      const Variables = { ...Environment.Variables, DRILL: reason };
      await succeed(at, rest("lambda", "PUT", path, JSON.stringify({ Environment: { Variables } })));
    }
  };
  await succeed(at, secretsManager("DeleteSecret", { SecretId, RecoveryWindowInDays: 7 }));
  await forgetKeys("deleted");
  const created = () => fetch(`${cloud.apiUrl}/sessions`, { method: "POST", headers: json, body: '{"name":"Ben"}' });
  expect((await created()).status).toBe(503);
  await succeed(at, secretsManager("RestoreSecret", { SecretId }));
  await forgetKeys("restored");
  expect((await created()).status).toBe(201);
  expect((await before.api.me()).userId).toBe(before.userId);
});

test("if the page's bucket is emptied, the APIs go on, and an upload brings the page back", async () => {
  const Bucket = physicalId(await stackResources(at), "AWS::S3::Bucket", "SiteBucket");
  const client = s3(at);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  const stage = visit();
  const { roomId } = await stage.room();
  await send(await stage.join(roomId, "Ada"), "still works");
  await uploadPage(at, {
    SiteUrl: cloud.siteUrl,
    SiteBucketName: Bucket,
    WebSocketUrl: cloud.webSocketUrl,
    ApiUrl: cloud.apiUrl,
    PageSettings: JSON.stringify({ guests: true }),
  });
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(Contents.length);
});
