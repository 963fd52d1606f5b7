// The page is served with the addresses of its backend, and next to it the API's documentation.

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
    assert.deepEqual([config.webSocketUrl, config.apiUrl], [webSocketUrl, new URL("/api", siteUrl).href]);
    assert.equal(config.guests, true);
    const lobby = await httpRequest(`${config.apiUrl}/rooms`);
    assert.deepEqual([lobby.status, lobby.headers["content-type"]], [200, "application/json"]);
  }),
  scenario(
    "The API's documentation is served with the page's policy, and no other path of the API is",
    [],
    async (stage) => {
      const { siteUrl } = stage.addresses;
      const page = await httpRequest(new URL("/", siteUrl).href);
      for (const path of ["/api/docs", "/api/docs/", "/api/docs?from=lobby"]) {
        const docs = await httpRequest(new URL(path, siteUrl).href);
        assert.equal(docs.status, 200, path);
        assert.match(docs.body, /<title>API – Parlor<\/title>/, path);
        for (const header of ["content-type", "content-security-policy", "cache-control"]) {
          assert.equal(docs.headers[header], page.headers[header], `${header} of ${path}`);
        }
      }
      assert.equal((await httpRequest(new URL("/api/docs/absent", siteUrl).href)).status, 404);
    },
  ),
];
