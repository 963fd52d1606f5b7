// Renewing tokens at a provider that answers in different ways.
import { beforeEach, expect, test, vi } from "vitest";
import type { SignInSettings } from "./config.ts";
import type { Tokens } from "./open-id.ts";

const issuer = "https://login.example.org";
const settings: SignInSettings = { issuer, clientId: "page", sends: "idToken" };
const known = { token: "old", idToken: "old", refreshToken: "r1", renewAt: 0, expiresAt: 0 } satisfies Tokens;

vi.stubGlobal("location", { origin: "https://chat.example.org", search: "", hash: "" });
const { renewTokens } = await import("./open-id.ts");

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
const idToken = [
  encode({ alg: "RS256" }),
  encode({ iss: issuer, aud: "page", sub: "ada", iat: now, exp: now + 3600 }),
  "c2ln",
].join(".");
const renewed = { access_token: "access", token_type: "Bearer", expires_in: 600, id_token: idToken };

let asked: URLSearchParams[] = [];

/** The provider's token endpoint answers with this. */
function answering(status: number, body: object): void {
  vi.stubGlobal("fetch", async (url: string | URL, { body: form }: RequestInit = {}) => {
    if (String(url).endsWith("/openid-configuration")) {
      return Response.json({ issuer, token_endpoint: `${issuer}/token` });
    }
    asked.push(new URLSearchParams(String(form)));
    return Response.json(body, { status });
  });
}

beforeEach(() => {
  asked = [];
});

test("a renewed token replaces the old one a minute before it ends, and the refresh token stays unless there is another", async () => {
  answering(200, renewed);
  const tokens = await renewTokens(settings, known);
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({
    client_id: "page",
    grant_type: "refresh_token",
    refresh_token: "r1",
  });
  expect(tokens).toMatchObject({ token: idToken, idToken, refreshToken: "r1" });
  expect((tokens?.expiresAt ?? 0) - (tokens?.renewAt ?? 0)).toBe(60_000);
  answering(200, { ...renewed, refresh_token: "r2" });
  expect(await renewTokens(settings, known)).toMatchObject({ refreshToken: "r2" });
});

test("where Parlor accepts access tokens, it gets those", async () => {
  answering(200, { ...renewed, id_token: undefined });
  const tokens = await renewTokens({ ...settings, sends: "accessToken" }, known);
  expect(tokens).toMatchObject({ token: "access", idToken: "old" });
});

test("a refusal ends the sign-in, and so does a renewal without an ID token; a failure does not", async () => {
  answering(400, { error: "invalid_grant" });
  expect(await renewTokens(settings, known)).toBeUndefined();
  answering(200, { ...renewed, id_token: undefined });
  expect(await renewTokens(settings, known)).toBeUndefined();
  answering(503, { error: "temporarily_unavailable" });
  await expect(renewTokens(settings, known)).rejects.toThrow();
  answering(429, { error: "slow_down" });
  await expect(renewTokens(settings, known)).rejects.toThrow();
});

test("without a refresh token, nothing is asked", async () => {
  answering(200, renewed);
  expect(await renewTokens(settings, { ...known, refreshToken: undefined })).toBeUndefined();
  expect(asked).toEqual([]);
});
