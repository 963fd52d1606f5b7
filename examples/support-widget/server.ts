// A shop that existed before Parlor: pages, customers, a sign-in of its own. What it adds for the widget is in the second half:
// it signs who its customer is, as the identity provider that the stage trusts, and opens the customer's conversation.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { lookup } from "mime-types";
import { ParlorApi, ParlorError } from "../../client/src/index.ts";

const {
  SHOP = "http://localhost:4700",
  SUPPORT = "@shop-help",
  CLIENT_ID = "parlor-local",
  PARLOR_API = "",
  PARLOR_WEB_SOCKET = "",
} = process.env;

/** Seconds. The widget asks for a new token before each connection. */
const TOKEN_LIFETIME = 600;

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

// ---- The shop as it was ----

const built = new URL("dist/", import.meta.url);
const files = new Map(
  readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll("//", "/"))
    .map((path) => [path.slice(built.pathname.length), readFileSync(path)] as const),
);

/** The names of signed-in customers, by session. A real shop checks passwords, and keeps sessions longer than its process. */
const sessions = new Map<string, string>();

function customerOf({ headers }: IncomingMessage): string | undefined {
  return sessions.get(/(?:^|; )session=([^;]*)/.exec(headers.cookie ?? "")?.[1] ?? "");
}

async function signIn(request: IncomingMessage): Promise<Answer> {
  const name = new URLSearchParams(await text(request)).get("name")?.trim();
  if (!name) return { status: 400, body: "Your name is missing." };
  const session = randomUUID();
  sessions.set(session, name);
  const cookie = `session=${session}; HttpOnly; SameSite=Strict; Path=/`;
  return { status: 303, headers: { location: "/", "set-cookie": cookie } };
}

function page(path: string): Answer {
  const name = path.slice(1) || "index.html";
  const body = files.get(name);
  return body ? { headers: { "content-type": lookup(name) || "" }, body } : { status: 404, body: "Not found." };
}

// ---- What it adds for the widget ----

/** A real shop keeps its key, so that tokens stay valid when it restarts. */
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY_ID = randomUUID();

/** An ID token of OpenID Connect. Parlor knows the customer by `iss` and `sub`, and shows `name`. */
function tokenOf(customer: string): string {
  const now = Math.floor(Date.now() / 1000);
  const about = { iss: SHOP, aud: CLIENT_ID, sub: customer, name: customer.slice(0, 32) };
  const parts = [
    { alg: "RS256", typ: "JWT", kid: KEY_ID },
    { ...about, iat: now, exp: now + TOKEN_LIFETIME },
  ];
  const message = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${message}.${sign("sha256", Buffer.from(message), privateKey).toString("base64url")}`;
}

/** The same customer gets the same conversation again, so the shop stores nothing. Only the customer and the team can read it. */
async function conversationOf(customer: string): Promise<object> {
  const api = new ParlorApi(PARLOR_API, async () => tokenOf(customer));
  const { room } = await api.createConversation({ with: SUPPORT });
  return { room, apiUrl: PARLOR_API, webSocketUrl: PARLOR_WEB_SOCKET };
}

/** What Parlor reads to check the shop's tokens. */
const provider: Readonly<Record<string, object>> = {
  "/.well-known/openid-configuration": { issuer: SHOP, jwks_uri: `${SHOP}/keys` },
  "/keys": { keys: [{ ...publicKey.export({ format: "jwk" }), kid: KEY_ID, alg: "RS256", use: "sig" }] },
};

const json = (value: object): Answer => ({
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(value),
});

async function answer(request: IncomingMessage): Promise<Answer> {
  const { method, url = "/" } = request;
  if (method === "GET") return provider[url] ? json(provider[url]) : page(url);
  if (url === "/sign-in") return await signIn(request);
  const customer = customerOf(request);
  if (customer === undefined) return { status: 401, body: "Sign in first." };
  if (url === "/support/token") return json({ token: tokenOf(customer) });
  if (url === "/support/conversation") return json(await conversationOf(customer));
  return { status: 404, body: "Not found." };
}

createServer(async (request, response) => {
  const failed = (error: unknown): Answer => {
    console.error(error);
    return { status: error instanceof ParlorError ? 503 : 500, body: "Support cannot be reached." };
  };
  const { status = 200, headers, body } = await answer(request).catch(failed);
  response.writeHead(status, headers).end(body);
}).listen(Number(new URL(SHOP).port), "localhost", () => console.log(`The shop is open: ${SHOP}`));
