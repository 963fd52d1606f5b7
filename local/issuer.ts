// A fake identity provider on loopback. Scenarios tell it which public keys to publish and sign tokens themselves. Without
// keys it drops connections, like a provider that cannot be reached.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** Starts a provider that ends with this process, and returns its URL. */
export async function startIssuer(): Promise<string> {
  let published: unknown[] = [];
  let reads = 0;
  const server = createServer().listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** For scenarios: PUT sets the keys, GET returns how often they have been read since. */
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
