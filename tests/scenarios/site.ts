// The page is served with the addresses of its backend.

import assert from "node:assert/strict";
import { httpRequest } from "../support/http.ts";
import { scenario } from "../support/scenario.ts";

export const scenarios = [
  scenario("The page is served with the addresses of its backend", ["list-rooms"], async (stage) => {
    const { siteUrl, webSocketUrl } = stage.addresses;
    const page = await httpRequest(new URL("/", siteUrl).href);
    assert.equal(page.status, 200);
    assert.match(page.headers["content-type"] ?? "", /^text\/html/);
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'|default-src 'self'/);
    const config = JSON.parse((await httpRequest(new URL("/config.json", siteUrl).href)).body);
    assert.deepEqual(config, { webSocketUrl, apiUrl: new URL("/api", siteUrl).href });
    const lobby = await httpRequest(`${config.apiUrl}/rooms`);
    assert.deepEqual([lobby.status, lobby.headers["content-type"]], [200, "application/json"]);
  }),
];
