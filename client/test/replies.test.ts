import { describe, expect, test } from "vitest";
import { at, connect, startServer, until } from "./support.ts";

describe("replies and mentions", () => {
  test("are sent with their message, and shown before and after it is sent", async () => {
    const server = await startServer();
    server.say("r", "Tea?");
    const room = await connect(server, { token: "ada" }).join("r");
    const extras = { replyTo: at(room, 1), mentions: ["someone"], mentionsRoom: true };
    room.send("@Someone yes", extras);
    expect(room.messages[1]).toMatchObject({ status: "pending", ...extras });
    await until(() => room.messages[1]?.status === "sent");
    expect(room.messages[1]).toMatchObject({ seq: 2, ...extras });
    const [sent] = server.received("send");
    expect(sent).toMatchObject({ replyTo: 1, epoch: "e1", mentions: ["someone"], mentionsRoom: true });
    const plain = room.messages[0];
    expect(plain).toMatchObject({ mentions: [], mentionsRoom: false });
    expect(plain).not.toHaveProperty("replyTo");
  });

  test("are kept when a failed message is sent again", async () => {
    const server = await startServer();
    server.say("r", "Tea?");
    const room = await connect(server, { token: "ada" }).join("r");
    server.intercept = ({ action }) => action === "send" && "forbidden";
    const id = room.send("Yes", { replyTo: at(room, 1), mentions: ["someone"] });
    await until(() => room.messages[1]?.status === "failed");
    server.intercept = () => false;
    room.retry(id);
    await until(() => room.messages[1]?.status === "sent");
    expect(room.messages[1]).toMatchObject({ replyTo: at(room, 1), mentions: ["someone"] });
  });

  test("are left out of a frame that has none", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    const id = room.send("Hello");
    await until(() => room.messages[0]?.status === "sent");
    expect(server.received("send")).toEqual([{ action: "send", room: "r", id, text: "Hello" }]);
  });

  test("an edit gives the mentions that the message has then", async () => {
    const server = await startServer();
    const room = await connect(server, { token: "ada" }).join("r");
    room.send("@Ben", { mentions: ["ben"] });
    await until(() => room.messages[0]?.status === "sent");
    await room.edit(at(room, 1), "@Carl", { mentions: ["carl"] });
    await until(() => room.messages[0]?.text === "@Carl");
    expect(room.messages[0]?.mentions).toEqual(["carl"]);
    await room.edit(at(room, 1), "Nobody");
    await until(() => room.messages[0]?.text === "Nobody");
    expect(room.messages[0]?.mentions).toEqual([]);
  });

  test("the message that is answered can be read without loading those after it", async () => {
    const server = await startServer();
    for (let n = 1; n <= 200; n++) server.say("r", `Message ${n}`);
    server.voidNumber("r");
    server.say("r", "Last");
    const room = await connect(server, { token: "ada" }).join("r");
    const shown = room.messages.length;
    expect(await room.messageAt(at(room, 202))).toBe(room.messages.at(-1));
    expect(server.received("history")).toEqual([]);
    server.change("r", 3, { kind: "deleted" }, { shown: false });
    expect(await room.messageAt(at(room, 3))).toMatchObject({ seq: 3, text: "", deletedAt: expect.any(Number) });
    expect(await room.messageAt(at(room, 201))).toBeUndefined();
    expect(await room.messageAt({ epoch: "e0", seq: 3 })).toBeUndefined();
    expect(room.messages).toHaveLength(shown);
    server.intercept = ({ action }) => action === "history" && "forbidden";
    await expect(room.messageAt(at(room, 2))).rejects.toMatchObject({ code: "forbidden" });
  });
});
