// The example in docs/protocol.md, as it is written there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import { scenario } from "../support/scenario.ts";
import { until } from "../support/until.ts";

const document = join(import.meta.dirname, "../../docs/protocol.md");
const AsyncFunction = (async () => {}).constructor as new (
  ...code: string[]
) => (...values: unknown[]) => Promise<void>;

export const scenarios = [
  scenario(
    "The example in docs/protocol.md creates a room with rules, joins it and sends a message",
    ["create-room", "create-pass", "join", "send"],
    async ({ addresses: { apiUrl, webSocketUrl } }) => {
      const [, code = ""] = /```js\n(.*?)```/s.exec(await readFile(document, "utf8")) ?? [];
      const here = code.replace("https://…/api", apiUrl).replace("wss://…/ws", webSocketUrl);
      const sockets: WebSocket[] = [];
      class KeptSocket extends WebSocket {
        constructor(url: string) {
          super(url);
          sockets.push(this);
        }
      }
      const lines: string[] = [];
      const console = { log: (...words: string[]) => lines.push(words.join(" ").trim()) };
      try {
        await new AsyncFunction("fetch", "WebSocket", "console", here)(fetch, KeptSocket, console);
        await until("the message is sent", () => lines.includes("ack"));
        assert.deepEqual(lines, ["joined", "message Hello", "ack"]);
      } finally {
        for (const socket of sockets) socket.close();
      }
    },
  ),
];
