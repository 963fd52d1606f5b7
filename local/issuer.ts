// A fake identity provider on loopback. Scenarios tell it which public keys to publish and sign tokens themselves. With `login`,
// people can also sign in at it, under any name. Without keys it drops connections, like a provider that cannot be reached.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { Login } from "./login.ts";

/** Starts a provider that ends with this process, and returns its URL. */
export async function startIssuer({ login: hasLogin = false } = {}): Promise<string> {
  let published: unknown[] = [];
  let reads = 0;
  const server = createServer().listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const login = hasLogin ? new Login(url) : undefined;

  /** For scenarios: PUT sets the keys, GET returns how often they have been read since. */
  const control = async (request: IncomingMessage) => {
    if (request.method === "GET") return { reads };
    published = (await json(request)) as unknown[];
    reads = 0;
    return {};
  };
  const pages: Readonly<Record<string, () => object>> = {
    "/.well-known/openid-configuration": () => ({ issuer: url, jwks_uri: `${url}/keys`, ...login?.endpoints }),
    "/keys": () => {
      reads++;
      return { keys: [...published, ...(login ? [login.jwk] : [])] };
    },
  };
  server.on("request", async (request: IncomingMessage, response: ServerResponse) => {
    const page = pages[request.url ?? ""];
    if (page && published.length === 0 && !login) request.destroy();
    else if (page) response.writeHead(200, readableByPages).end(JSON.stringify(page()));
    else if (request.url === "/published") response.end(JSON.stringify(await control(request)));
    else if (!(await login?.answer(request, response))) response.writeHead(404).end();
  });
  return url;
}

const readableByPages = { "content-type": "application/json", "access-control-allow-origin": "*" };
