// An identity provider on loopback that has no people: it publishes the keys that it is told to, and whoever has their
// private halves signs. Until it is told any it is as good as not there.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** Starts one, which ends with this process, and gives its address. */
export async function startIssuer(): Promise<string> {
  let published: unknown[] = [];
  let reads = 0;
  const server = createServer().listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** For scenarios: PUT says which keys there are, GET how often they have been read since. */
  const control = async (request: IncomingMessage) => {
    if (request.method === "GET") return { reads };
    published = (await json(request)) as unknown[];
    reads = 0;
    return {};
  };
  const pages: Readonly<Record<string, () => object>> = {
    "/.well-known/openid-configuration": () => ({ issuer: url, jwks_uri: `${url}/keys` }),
    "/keys": () => {
      reads++;
      return { keys: published };
    },
  };
  server.on("request", async (request: IncomingMessage, response: ServerResponse) => {
    const page = pages[request.url ?? ""];
    if (page && published.length === 0) request.destroy();
    else if (page) response.end(JSON.stringify(page()));
    else if (request.url === "/published") response.end(JSON.stringify(await control(request)));
    else response.writeHead(404).end();
  });
  return url;
}
