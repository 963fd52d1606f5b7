// The part of the fake identity provider that people see: OpenID Connect's Authorization Code flow with PKCE, refresh tokens that
// are valid once, and signing out. It believes any name that is typed.
import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json, text } from "node:stream/consumers";

/** What a test can change about a person, by `PUT /people/<name>`. */
interface Person {
  /** How long the person's ID tokens are valid. */
  idTokenSeconds: number;
  /** Whether the person's refresh tokens are refused. */
  refusesRefresh: boolean;
  /** The refresh tokens used so far. */
  renewals: number;
  /** The sessions ended at this provider so far. */
  signOuts: number;
}

/** What a code or a refresh token stands for. */
interface Grant {
  readonly name: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | undefined;
}

type Parameters = URLSearchParams;

const cors = { "access-control-allow-origin": "*", "cache-control": "no-store" };

export class Login {
  readonly endpoints: object;
  readonly #issuer: string;
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #people = new Map<string, Person>();
  readonly #codes = new Map<string, Grant>();
  readonly #refreshTokens = new Map<string, Grant>();

  constructor(issuer: string) {
    this.#issuer = issuer;
    this.endpoints = {
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
      end_session_endpoint: `${issuer}/sign-out`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none"],
      scopes_supported: ["openid", "profile", "offline_access"],
    };
  }

  get jwk(): object {
    return { ...this.#keys.publicKey.export({ format: "jwk" }), kid: "login", alg: "ES256", use: "sig" };
  }

  /** Returns whether it has answered. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.#issuer);
    const form = async () => new URLSearchParams(await text(request));
    if (pathname === "/authorize") this.#authorize(searchParams, cookieOf(request), response);
    else if (pathname === "/token") send(response, ...this.#token(await form()));
    else if (pathname === "/revoke") send(response, ...this.#revoke(await form()));
    else if (pathname === "/sign-out") this.#signOut(searchParams, cookieOf(request), response);
    else if (pathname.startsWith("/people/"))
      await this.#control(decodeURIComponent(pathname.slice(8)), request, response);
    else return false;
    return true;
  }

  #person(name: string): Person {
    const person = this.#people.get(name) ?? { idTokenSeconds: 600, refusesRefresh: false, renewals: 0, signOuts: 0 };
    this.#people.set(name, person);
    return person;
  }

  /** Shows the login page unless this browser has a session here, then returns to the client. */
  #authorize(asked: Parameters, session: string | undefined, response: ServerResponse): void {
    const need = (name: string) => asked.get(name) ?? "";
    const wrong =
      need("response_type") !== "code" || need("code_challenge_method") !== "S256" || !need("code_challenge");
    if (wrong || !need("client_id") || !need("redirect_uri") || !need("state")) {
      send(response, 400, { error: "invalid_request" });
      return;
    }
    const back = new URL(need("redirect_uri"));
    back.searchParams.set("state", need("state"));
    const name = asked.get("name") || session;
    if (asked.has("cancel")) {
      back.searchParams.set("error", "access_denied");
    } else if (name) {
      const code = randomUUID();
      this.#codes.set(code, {
        name,
        clientId: need("client_id"),
        redirectUri: need("redirect_uri"),
        challenge: need("code_challenge"),
        nonce: asked.get("nonce") ?? undefined,
      });
      back.searchParams.set("code", code);
      response.setHeader("set-cookie", `session=${encodeURIComponent(name)}; HttpOnly; Path=/`);
    } else {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(loginPage(asked));
      return;
    }
    response.writeHead(302, { location: back.href }).end();
  }

  #token(asked: Parameters): [status: number, body: object] {
    if (asked.get("grant_type") === "refresh_token") return this.#refresh(asked);
    const code = asked.get("code") ?? "";
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = asked.get("code_verifier") ?? "";
    const isProven =
      grant?.challenge === createHash("sha256").update(verifier).digest("base64url") &&
      grant.redirectUri === asked.get("redirect_uri") &&
      grant.clientId === asked.get("client_id");
    return isProven ? [200, this.#tokens(grant)] : [400, { error: "invalid_grant" }];
  }

  #refresh(asked: Parameters): [status: number, body: object] {
    const token = asked.get("refresh_token") ?? "";
    const grant = this.#refreshTokens.get(token);
    this.#refreshTokens.delete(token);
    if (!grant || grant.clientId !== asked.get("client_id") || this.#person(grant.name).refusesRefresh) {
      return [400, { error: "invalid_grant" }];
    }
    this.#person(grant.name).renewals++;
    return [200, this.#tokens({ ...grant, nonce: undefined })];
  }

  #tokens(grant: Grant): object {
    const { name, clientId, nonce } = grant;
    const { idTokenSeconds } = this.#person(name);
    const iat = Math.floor(Date.now() / 1000);
    const about = { iss: this.#issuer, sub: name, aud: clientId, name, ...(nonce !== undefined && { nonce }) };
    const refreshToken = randomUUID();
    this.#refreshTokens.set(refreshToken, grant);
    return {
      access_token: randomUUID(),
      token_type: "Bearer",
      expires_in: idTokenSeconds,
      // The id makes two tokens of one second differ.
      id_token: this.#sign({ ...about, iat, exp: iat + idTokenSeconds, jti: randomUUID() }),
      refresh_token: refreshToken,
    };
  }

  #sign(claims: object): string {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const message = `${encode({ alg: "ES256", typ: "JWT", kid: "login" })}.${encode(claims)}`;
    const key = { key: this.#keys.privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${message}.${sign("sha256", Buffer.from(message), key).toString("base64url")}`;
  }

  #revoke(asked: Parameters): [status: number, body: object] {
    this.#refreshTokens.delete(asked.get("token") ?? "");
    return [200, {}];
  }

  #signOut(asked: Parameters, session: string | undefined, response: ServerResponse): void {
    if (session) this.#person(session).signOuts++;
    response.setHeader("set-cookie", "session=; HttpOnly; Path=/; Max-Age=0");
    response.writeHead(302, { location: asked.get("post_logout_redirect_uri") ?? "/" }).end();
  }

  /** For tests: PUT changes a person, GET returns one. */
  async #control(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "PUT") Object.assign(this.#person(name), await json(request));
    send(response, 200, this.#person(name));
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...cors, "content-type": "application/json" }).end(JSON.stringify(body));
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  const value = /(?:^|; )session=([^;]*)/.exec(headers.cookie ?? "")?.[1];
  return value && decodeURIComponent(value);
}

function loginPage(asked: Parameters): string {
  const hidden = [...asked].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Identity provider</title>
    <h1>Identity provider</h1>
    <form action="/authorize">${hidden.join("")}
      <label>Who are you? <input name="name" autofocus></label>
      <button>Continue</button> <button name="cancel" value="true">Cancel</button>
    </form>`;
}

const escaped = (value: string) => value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
