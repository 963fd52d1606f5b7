// A fake @connections endpoint that records posts.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface Posts {
  readonly url: string;
  /** The frames posted so far, oldest first. */
  readonly frames: { readonly type: string; readonly [field: string]: unknown }[];
  stop(): void;
}

export async function receivePosts(): Promise<Posts> {
  const frames: Posts["frames"] = [];
  const server = createServer(async (request, response) => {
    frames.push((await json(request)) as Posts["frames"][number]);
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ws`, frames, stop: () => server.close() };
}
