import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { FaultProxy, type Frame, type FrameFault } from "./proxy.ts";

interface Client {
  readonly socket: WebSocket;
  /** The numbers of the frames that it received. */
  readonly received: number[];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
}

const numberIn = (data: RawData) => JSON.parse(String(data)).n as number;

/** Starts a gateway that answers each `ask` with an `answer` of the same number, and a proxy for it. */
async function setUp() {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, handleProtocols: () => "parlor.v1" });
  await once(server, "listening");
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const gateway = { received: [] as number[], closes: [] as number[], protocols: "", path: "" };
  server.on("connection", (socket, request) => {
    gateway.protocols = request.headers["sec-websocket-protocol"] ?? "";
    gateway.path = request.url ?? "";
    socket.on("close", (code) => gateway.closes.push(code));
    socket.on("message", (data) => {
      gateway.received.push(numberIn(data));
      socket.send(JSON.stringify({ type: "answer", n: numberIn(data) }));
    });
  });
  const proxy = await FaultProxy.start(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/stage`);
  onTestFinished(() => proxy.stop());
  return { proxy, gateway };
}

async function connect(url: string): Promise<Client> {
  const socket = new WebSocket(url, ["parlor.v1", "token.secret"]);
  const received: number[] = [];
  socket.on("message", (data) => received.push(numberIn(data)));
  socket.on("error", () => {});
  onTestFinished(() => socket.terminate());
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await once(socket, "open");
  return { socket, received, closed };
}

function ask({ socket }: Client, ...numbers: number[]): void {
  for (const n of numbers) socket.send(JSON.stringify({ action: "ask", n }));
}

const eventually = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000, interval: 2 });

const fault =
  (kind: FrameFault, name: string, number = 1) =>
  (frame: Frame) =>
    frame.name === name && frame.number === number ? kind : undefined;

test("frames pass in both directions, with subprotocols and the query", async () => {
  const { proxy, gateway } = await setUp();
  const client = await connect(`${proxy.url}/?token=t`);
  ask(client, 1, 2);
  await eventually(() => expect(client.received).toEqual([1, 2]));
  expect(client.socket.protocol).toBe("parlor.v1");
  expect([gateway.protocols, gateway.path]).toEqual(["parlor.v1,token.secret", "/stage?token=t"]);
});

test("the outcome of each frame is logged without its content", async () => {
  const { proxy } = await setUp();
  const client = await connect(proxy.url);
  proxy.rules = { frame: fault("drop", "answer") };
  ask(client, 7);
  await eventually(() =>
    expect(proxy.log).toEqual([
      { connection: 1, outcome: "open" },
      { connection: 1, outcome: "pass", direction: "up", name: "ask", bytes: 22 },
      { connection: 1, outcome: "drop", direction: "down", name: "answer", bytes: 23 },
    ]),
  );
});

test("a refused connection is answered with 503", async () => {
  const { proxy } = await setUp();
  proxy.rules = { opening: (connection) => (connection === 1 ? "refuse" : undefined) };
  await expect(connect(proxy.url)).rejects.toThrow("Unexpected server response: 503");
  await connect(proxy.url);
});

test("a reset connection ends without an answer", async () => {
  const { proxy } = await setUp();
  proxy.rules = { opening: () => "reset" };
  await expect(connect(proxy.url)).rejects.toThrow("ECONNRESET");
});

test("an unreachable gateway is answered with 502", async () => {
  const proxy = await FaultProxy.start("ws://127.0.0.1:1");
  onTestFinished(() => proxy.stop());
  await expect(connect(proxy.url)).rejects.toThrow("Unexpected server response: 502");
});

test("a dropped frame does not arrive, but later ones do", async () => {
  const { proxy, gateway } = await setUp();
  const client = await connect(proxy.url);
  proxy.rules = { frame: fault("drop", "ask", 2) };
  ask(client, 1, 2, 3);
  await eventually(() => expect(client.received).toEqual([1, 3]));
  expect(gateway.received).toEqual([1, 3]);
});

test("a repeated frame arrives twice", async () => {
  const { proxy } = await setUp();
  const client = await connect(proxy.url);
  proxy.rules = { frame: fault("repeat", "answer", 2) };
  ask(client, 1, 2, 3);
  await eventually(() => expect(client.received).toEqual([1, 2, 2, 3]));
});

test("a delayed frame is overtaken by the next one", async () => {
  const { proxy, gateway } = await setUp();
  const client = await connect(proxy.url);
  proxy.rules = { frame: fault("delay", "ask", 1) };
  ask(client, 1, 2, 3);
  await eventually(() => expect(client.received).toEqual([2, 1, 3]));
  expect(gateway.received).toEqual([2, 1, 3]);
});

test("held frames of one direction wait for their release while the other direction continues", async () => {
  const { proxy, gateway } = await setUp();
  const client = await connect(proxy.url);
  proxy.rules = { frame: fault("hold", "answer", 2) };
  ask(client, 1, 2, 3);
  await eventually(() => expect(gateway.received).toEqual([1, 2, 3]));
  await eventually(() => expect(client.received).toEqual([1]));
  proxy.newest?.release();
  await eventually(() => expect(client.received).toEqual([1, 2, 3]));
});

test("nothing passes through a frozen connection, and neither side learns that the other has gone", async () => {
  const { proxy, gateway } = await setUp();
  const client = await connect(proxy.url);
  ask(client, 1);
  await eventually(() => expect(client.received).toEqual([1]));
  proxy.newest?.freeze();
  ask(client, 2);
  client.socket.terminate();
  await client.closed;
  const other = await connect(proxy.url);
  ask(other, 3);
  await eventually(() => expect(other.received).toEqual([3]));
  expect([gateway.received, gateway.closes]).toEqual([[1, 3], []]);
  proxy.links.get(1)?.release();
  await eventually(() => expect([gateway.received, gateway.closes]).toEqual([[1, 3, 2], [1006]]));
});

test("a close requested while the connection is frozen passes after its release", async () => {
  const { proxy, gateway } = await setUp();
  const client = await connect(proxy.url);
  proxy.rules = { frame: fault("freeze", "ask") };
  ask(client, 1);
  await eventually(() => expect(proxy.log.at(-1)?.outcome).toBe("freeze"));
  client.socket.close(4000);
  proxy.rules = {};
  proxy.newest?.release();
  await eventually(() => expect([gateway.received, gateway.closes]).toEqual([[1], [4000]]));
  await eventually(() => expect(proxy.links.size).toBe(0));
});

test("a cut ends both sides without a close frame, and the frame is lost", async () => {
  const { proxy, gateway } = await setUp();
  const client = await connect(proxy.url);
  proxy.rules = { frame: fault("cut", "answer", 1) };
  ask(client, 1);
  expect(await client.closed).toBe(1006);
  await eventually(() => expect(gateway.closes).toEqual([1006]));
  expect([gateway.received, client.received]).toEqual([[1], []]);
  await eventually(() => expect(proxy.links.size).toBe(0));
});

test("a close ends both sides with a close frame", async () => {
  const { proxy, gateway } = await setUp();
  const client = await connect(proxy.url);
  proxy.rules = { frame: fault("close", "ask", 1) };
  ask(client, 1);
  expect(await client.closed).toBe(1001);
  await eventually(() => expect(gateway.closes).toEqual([1001]));
  expect(gateway.received).toEqual([]);
});

test("each side's end reaches the other in the same way", async () => {
  const { proxy, gateway } = await setUp();
  const [closing, terminating] = [await connect(proxy.url), await connect(proxy.url)];
  closing.socket.close(4000);
  await eventually(() => expect(gateway.closes).toEqual([4000]));
  terminating.socket.terminate();
  await eventually(() => expect(gateway.closes).toEqual([4000, 1006]));
});
