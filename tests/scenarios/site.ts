// The page: served with what it needs to find its backend.

import assert from "node:assert/strict";
import { scenario } from "../support/scenario.ts";
import { ask } from "./ask.ts";

export const scenarios = [
  scenario("The page is served, and leads to its backend", ["list-rooms"], async (stage) => {
    const { siteUrl, webSocketUrl } = stage.addresses;
    const page = await ask(new URL("/", siteUrl).href);
    assert.equal(page.status, 200);
    assert.match(page.headers["content-type"] ?? "", /^text\/html/);
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'|default-src 'self'/);
    const config = JSON.parse((await ask(new URL("/config.json", siteUrl).href)).body);
    assert.deepEqual(config, { webSocketUrl, apiUrl: new URL("/api", siteUrl).href });
    const lobby = await ask(`${config.apiUrl}/rooms`);
    assert.deepEqual([lobby.status, lobby.headers["content-type"]], [200, "application/json"]);
  }),
];
