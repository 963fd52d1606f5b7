// The stages' settings, and what they promise in the template.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { routes } from "../routes/index.ts";
import { checked, LOCAL_AUDIENCE, localDifferences, readStage, stages } from "../stages.ts";
import { differences } from "../template/compare.ts";
import { ofType, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const prod = synthesize(stages.prod);
const optional = synthesize({ ...stages.dev, reservedConcurrency: 7, webSocketAccessLogs: true }).template;
const found = differences();

test("an unknown stage is refused with the list of those there are", () => {
  expect(() => readStage("staging")).toThrow(
    'There is no stage "staging". Choose one of local, dev, prod, for example: cdk deploy -c stage=dev',
  );
  expect(() => readStage(undefined)).toThrow("Choose one of local, dev, prod");
  expect(() => readStage("toString")).toThrow("Choose one of local, dev, prod");
});

test("the local cloud's port can be chosen, and only its", () => {
  expect(readStage("local").emulatorPort).toBe(4566);
  expect(readStage("local", "4700").emulatorPort).toBe(4700);
  expect(readStage("dev", "4700").emulatorPort).toBeUndefined();
});

test("the local cloud's issuer can be chosen, and only its", () => {
  const issuer = "http://127.0.0.1:4700";
  expect(readStage("local").oidc).toBeUndefined();
  expect(readStage("local", undefined, issuer).oidc).toEqual({ issuer, audience: LOCAL_AUDIENCE });
  expect(() => readStage("local", undefined, "http://elsewhere")).toThrow("oidc.issuer is");
  expect(readStage("dev", undefined, issuer).oidc).toBeUndefined();
});

test.each(["no", "0", "70000", "4.5"])("the port %s is refused", (port) => {
  expect(() => readStage("local", port)).toThrow('Stage "local": emulatorPort is');
});

test("the pages of exactly the origins that a stage sets may connect", () => {
  const origins = ["https://chat.example.org", "https://example.org:8443"];
  const { template } = synthesize(checked({ ...stages.dev, origins }));
  const told = [...routeFunctions(template)].flatMap(([route, { resource }]) => {
    const { ORIGINS } = resource.Properties.Environment.Variables;
    return ORIGINS === undefined ? [] : [[route, ORIGINS]];
  });
  expect(told).toEqual([["authorize", "https://chat.example.org https://example.org:8443"]]);
});

test("the routes that check tokens, and no others, know where people may sign in", () => {
  const oidc = { issuer: "https://login.example.org/pool", audience: "parlor" };
  const { template } = synthesize(checked({ ...stages.dev, oidc }));
  const told = [...routeFunctions(template)].flatMap(([route, { resource }]) => {
    const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = resource.Properties.Environment.Variables;
    if (issuer !== undefined) expect({ issuer, audience }).toEqual(oidc);
    return issuer === undefined ? [] : [route];
  });
  const readers = routes.filter(({ grants }) => grants.some(([, on]) => on === "tokenKey")).map(({ name }) => name);
  const onlySign = ["create-session", "list-rooms"];
  expect([...told, ...onlySign].sort()).toEqual(readers.sort());
});

test("the routes that limit what may be done, and no others, know the stage's rates", () => {
  const rates = { ...stages.dev.rates, frames: { perMinute: 60, burst: 7 } };
  const functions = routeFunctions(synthesize(checked({ ...stages.dev, rates })).template);
  for (const { name, grants } of routes) {
    const limits = grants.some(([, on]) => on.startsWith("limits/"));
    const { RATES } = functions.get(name)?.resource.Properties.Environment.Variables ?? {};
    expect(RATES, name).toBe(limits ? JSON.stringify(rates) : undefined);
  }
});

test.each(["dev", "prod"] as const)("the rates of %s are those that the protocol's description has", (stage) => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/protocol.md"), "utf8");
  const table = page
    .slice(page.indexOf("| what | at once | per minute |"))
    .matchAll(/^\| [^|]+ \| (\d+) \| (\d+) \|$/gm);
  const described = [...table].map(([, burst, perMinute]) => ({ perMinute: Number(perMinute), burst: Number(burst) }));
  expect(described).toEqual(Object.values(stages[stage].rates));
});

test.each(["dev", "prod"] as const)("the throttles of %s are those that the protocol's description has", (stage) => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/protocol.md"), "utf8");
  const row = new RegExp(`^\\| \`${stage}\` \\| (.+) \\|$`, "m").exec(page)?.[1] ?? "";
  const [frames, framesAtOnce, requests, requestsAtOnce] = row
    .split(" | ")
    .map((cell) => Number(cell.replace(",", "")));
  expect({ rateLimit: frames, burstLimit: framesAtOnce }).toEqual(stages[stage].webSocketThrottle);
  expect({ rateLimit: requests, burstLimit: requestsAtOnce }).toEqual(stages[stage].httpThrottle);
});

test.each([0, 0.5, 7, 40_000, 60_001])("a rate of %d a minute is refused", (perMinute) => {
  const rates = { ...stages.dev.rates, frames: { perMinute, burst: 1 } };
  expect(() => checked({ ...stages.dev, rates })).toThrow(`rates.frames.perMinute is ${perMinute}`);
});

test("a stage that would disconnect clients for waiting as they are told to is refused", () => {
  const rates = { ...stages.dev.rates, frames: { perMinute: 1_000, burst: 100 } };
  expect(() => checked({ ...stages.dev, rates })).toThrow(
    "rates.refusals.perMinute is 600, less than the 1000 of frames",
  );
});

test.each([
  "http://login.example.org",
  "http://localhost:8080",
  "login.example.org",
  "https://login.example.org/?tenant=1",
  "https://login.example.org/#a",
  "",
])("the issuer %j is refused on AWS", (issuer) => {
  expect(() => checked({ ...stages.dev, oidc: { issuer, audience: "parlor" } })).toThrow("oidc.issuer is");
});

test("an issuer on this computer is for the local stage, and an audience is not empty", () => {
  const issuer = "http://localhost:8080/realms/parlor";
  expect(checked({ ...stages.local, oidc: { issuer, audience: "parlor" } }).oidc?.issuer).toBe(issuer);
  expect(() => checked({ ...stages.local, oidc: { issuer: "http://other:8080", audience: "a" } })).toThrow(
    "oidc.issuer",
  );
  expect(() => checked({ ...stages.local, oidc: { issuer, audience: "" } })).toThrow("oidc.audience is empty");
});

test.each([
  "null",
  "*",
  "",
  "chat.example.org",
  "https://chat.example.org/",
  "https://Chat.example.org",
  "https://chat.example.org:443",
  "https://chat.example.org/page",
  "https://a.example https://b.example",
  "file:///page.html",
  "wss://chat.example.org",
])("the origin %j is refused, for no browser sends it", (origin) => {
  expect(() => checked({ ...stages.dev, origins: ["https://a.example", origin] })).toThrow(`origins has "${origin}"`);
});

test.each(Object.values(stages))("the settings of $name pass the checks", ({ name }) => {
  expect(readStage(name)).toEqual(stages[name]);
});

test("prod keeps its data, refuses to be deleted, and can be restored to any second", () => {
  expect(prod.stack.terminationProtection).toBe(true);
  const tables = ofType(prod.template, "AWS::DynamoDB::GlobalTable");
  const isKept = ([id]: [string, unknown]) => /^Tables(Rooms|Messages)/.test(id);
  const kept = tables.filter(isKept);
  expect([kept.length, tables.length]).toEqual([2, 4]);
  for (const [, table] of kept) {
    expect(table).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    expect(table.Properties.Replicas).toMatchObject([
      { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    ]);
  }
  for (const [, table] of tables.filter((table) => !isKept(table))) {
    expect(table).toMatchObject({ DeletionPolicy: "Delete", UpdateReplacePolicy: "Delete" });
    expect(table.Properties.Replicas).toMatchObject([
      { DeletionProtectionEnabled: false, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
    ]);
  }
  const key = ofType(prod.template, "AWS::SecretsManager::Secret").find(([id]) => id.startsWith("TokenKey"));
  expect(key?.[1]).toMatchObject({ DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
});

test("reserved concurrency, of every route, and WebSocket access logs are there when a stage wants them", () => {
  for (const [, { resource }] of routeFunctions(optional)) {
    expect(resource.Properties.ReservedConcurrentExecutions).toBe(7);
  }
  for (const [, { resource }] of routeFunctions(prod.template)) {
    expect(resource.Properties).not.toHaveProperty("ReservedConcurrentExecutions");
  }
  const logged = ofType(optional, "AWS::ApiGatewayV2::Stage").map(([, { Properties }]) => Properties.AccessLogSettings);
  const harmless = { Format: expect.not.stringMatching(/identity|body|input|querystring/i) };
  expect(logged).toMatchObject([harmless, harmless]);
});

test("local differs from AWS only in what the settings list, and in all of it", () => {
  expect(found.filter(({ name }) => name === undefined)).toEqual([]);
  expect([...new Set(found.map(({ name }) => name))].sort()).toEqual(localDifferences.map(({ name }) => name).sort());
});
