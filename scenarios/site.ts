// The page: served with what it needs to find its backend.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request as http, type IncomingMessage } from "node:http";
import { request as https } from "node:https";
import { text } from "node:stream/consumers";
import { scenario } from "./scenario.ts";

/** Like `fetch`, which cannot resolve the local cloud's *.localhost on every system. */
async function get(
  address: string,
): Promise<{ status: number | undefined; headers: IncomingMessage["headers"]; body: string }> {
  const url = new URL(address);
  const hostname = url.hostname.endsWith(".localhost") ? "127.0.0.1" : url.hostname;
  const open = url.protocol === "https:" ? https : http;
  const request = open({ hostname, port: url.port, path: url.pathname, headers: { host: url.host } }).end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

export const scenarios = [
  scenario("The page is served, and leads to its backend", ["list-rooms"], async (stage) => {
    const { siteUrl, webSocketUrl } = stage.addresses;
    const page = await get(new URL("/", siteUrl).href);
    assert.equal(page.status, 200);
    assert.match(page.headers["content-type"] ?? "", /^text\/html/);
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'|default-src 'self'/);
    const config = JSON.parse((await get(new URL("/config.json", siteUrl).href)).body);
    assert.deepEqual(config, { webSocketUrl, apiUrl: new URL("/api", siteUrl).href });
    const lobby = await get(`${config.apiUrl}/rooms`);
    assert.deepEqual([lobby.status, lobby.headers["content-type"]], [200, "application/json"]);
  }),
];
