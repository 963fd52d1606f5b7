// Checks that a bundle answers recorded API Gateway events: create a room, connect, join, send.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { stages } from "../../cdk/stages.ts";
import { instance } from "../instance.ts";
import { freePort, startMiniStack } from "../ministack.ts";
import { installVenv } from "../venv.ts";
import connect from "./events/connect.json";
import createRoom from "./events/create-room.json";
import send from "./events/send.json";
import { receivePosts } from "./posts.ts";
import { invoke } from "./runtime.ts";
import { createTables } from "./tables.ts";

/** `command` starts the bundle. */
export async function checkAnswers(command: readonly string[]): Promise<void> {
  await installVenv();
  const at = instance(await freePort());
  const { stop } = await startMiniStack(at, () => {});
  const posts = await receivePosts();
  const addresses = { CALLBACK_URL: posts.url, SITE_URL: "http://localhost" };
  // An IP address: resolving a name starts a thread, and threads hang under qemu.
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${at.port}`;
  const { name: STAGE, rates } = stages.local;
  const settings = { ...addresses, AWS_ENDPOINT_URL, STAGE, RATES: JSON.stringify(rates), EDGE_ONLY: "false" };
  const env = { ...at.env, ...(await createTables(at)), ...settings };
  const answer = async (ROUTE: string, event: unknown) => {
    const invocation = await invoke(command, { ...env, ROUTE }, event);
    const response = invocation.response as { statusCode: number; body?: string };
    assert.ok(response.statusCode < 300, `${ROUTE} answered ${JSON.stringify(response)}`);
    return response;
  };

  const { body = "" } = await answer("create-room", createRoom);
  const { roomId } = JSON.parse(body) as { roomId: string };
  await answer("connect", connect);
  const frame = (action: string, fields: object) => ({
    ...send,
    requestContext: { ...send.requestContext, routeKey: action },
    body: JSON.stringify({ action, room: roomId, ...fields }),
  });
  await answer("join", frame("join", {}));
  await answer("send", frame("send", { id: "1", text: "Hello" }));
  assert.deepEqual(
    posts.frames.map(({ type, seq, text }) => [type, seq, text]),
    [
      ["joined", 0, undefined],
      ["message", 1, "Hello"],
      ["ack", 1, undefined],
    ],
  );

  posts.stop();
  stop();
  await rm(at.folder, { recursive: true });
}
