// The stages' settings and their effect on the template.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { localDifferences } from "../local-differences.ts";
import { routesOf } from "../routes/index.ts";
import { ParlorStack } from "../stack.ts";
import { readStage, stages, validateStage } from "../stages.ts";
import { differences } from "../template/compare.ts";
import { ofType, render, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const prod = synthesize(stages.prod);
const optional = synthesize({ ...stages.dev, reservedConcurrency: 7, webSocketAccessLogs: true }).template;
const compared = differences();

test("an unknown stage is rejected with the list of stages", () => {
  expect(() => readStage("staging")).toThrow('Unknown stage "staging". Choose one of local, dev, prod.');
  expect(() => readStage(undefined)).toThrow("Choose one of local, dev, prod");
  expect(() => readStage("toString")).toThrow("Choose one of local, dev, prod");
});

test("the port can be set for the local stage only", () => {
  expect(readStage("local").emulatorPort).toBe(4566);
  expect(readStage("local", { port: "4700" }).emulatorPort).toBe(4700);
  expect(readStage("dev", { port: "4700" }).emulatorPort).toBeUndefined();
});

test("another site's origin can be admitted on the command line for the local stage only", () => {
  const origin = "http://localhost:4700";
  expect(readStage("local", { origin }).origins).toEqual([origin]);
  expect(readStage("dev", { origin }).origins).toBeUndefined();
  expect(() => readStage("local", { origin: "localhost:4700" })).toThrow('origins contains "localhost:4700"');
});

test.each(["no", "0", "70000", "4.5"])("the port %s is rejected", (port) => {
  expect(() => readStage("local", { port })).toThrow('Stage "local": emulatorPort is');
});

test("the authorizer, and no other route, gets the origins that may connect: the page's own, and those of the setting", () => {
  const origins = ["https://chat.example.org", "https://example.org:8443"];
  const { template } = synthesize(validateStage({ ...stages.dev, origins }));
  const found = [...routeFunctions(template)].flatMap(([route, { resource }]) => {
    const { ORIGINS } = resource.Properties.Environment.Variables;
    return ORIGINS === undefined ? [] : [[route, render(ORIGINS)]];
  });
  const own = render(template.Outputs.SiteUrl?.Value);
  expect(found).toEqual([["authorize", `${own} https://chat.example.org https://example.org:8443`]]);
});

test("the routes with rates, and no others, get the stage's rates", () => {
  const rates = { ...stages.dev.rates, frames: { perMinute: 60, burst: 7 } };
  const stage = validateStage({ ...stages.dev, rates });
  const functions = routeFunctions(synthesize(stage).template);
  for (const { name, grants } of routesOf(stage)) {
    const limits = grants.some(([, on]) => on.startsWith("limits/"));
    const { RATES } = functions.get(name)?.resource.Properties.Environment.Variables ?? {};
    expect(RATES, name).toBe(limits ? JSON.stringify(rates) : undefined);
  }
});

test.each(["dev", "prod"] as const)("docs/protocol.md has the rates of %s", (stage) => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/protocol.md"), "utf8");
  const table = page.slice(page.indexOf("| what | burst | per minute |")).matchAll(/^\| [^|]+ \| (\d+) \| (\d+) \|$/gm);
  const described = [...table].map(([, burst, perMinute]) => ({ perMinute: Number(perMinute), burst: Number(burst) }));
  expect(described).toEqual(Object.values(stages[stage].rates));
});

test.each(["dev", "prod"] as const)("docs/protocol.md has the throttles of %s", (stage) => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/protocol.md"), "utf8");
  const row = new RegExp(`^\\| \`${stage}\` \\| (.+) \\|$`, "m").exec(page)?.[1] ?? "";
  const [frames, framesAtOnce, requests, requestsAtOnce] = row
    .split(" | ")
    .map((cell) => Number(cell.replace(",", "")));
  expect({ rateLimit: frames, burstLimit: framesAtOnce }).toEqual(stages[stage].webSocketThrottle);
  expect({ rateLimit: requests, burstLimit: requestsAtOnce }).toEqual(stages[stage].httpThrottle);
});

test.each([0, 0.5, 7, 40_000, 60_001])("a rate of %d per minute is rejected", (perMinute) => {
  const rates = { ...stages.dev.rates, frames: { perMinute, burst: 1 } };
  expect(() => validateStage({ ...stages.dev, rates })).toThrow(`rates.frames.perMinute is ${perMinute}`);
});

test("a refusal rate below the frame rate is rejected: it would disconnect clients that wait as told", () => {
  const rates = { ...stages.dev.rates, frames: { perMinute: 1_000, burst: 100 } };
  expect(() => validateStage({ ...stages.dev, rates })).toThrow(
    "rates.refusals.perMinute is 600, but must be at least the 1000 of frames",
  );
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
])("the origin %j is rejected: no browser sends it", (origin) => {
  expect(() => validateStage({ ...stages.dev, origins: ["https://a.example", origin] })).toThrow(
    `origins contains "${origin}"`,
  );
});

test.each(Object.values(stages))("the settings of $name are valid", ({ name }) => {
  expect(readStage(name)).toEqual(stages[name]);
});

test("prod retains its data, refuses to be deleted, and can be restored to any second", () => {
  expect(prod.stack.terminationProtection).toBe(true);
  const tables = ofType(prod.template, "AWS::DynamoDB::GlobalTable");
  const isRetained = ([id]: [string, unknown]) => /^Tables(Rooms|Messages|Members|People)/.test(id);
  const retained = tables.filter(isRetained);
  expect([retained.length, tables.length]).toEqual([4, 6]);
  for (const [, table] of retained) {
    expect(table).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    expect(table.Properties.Replicas).toMatchObject([
      { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    ]);
  }
  for (const [, table] of tables.filter((table) => !isRetained(table))) {
    expect(table).toMatchObject({ DeletionPolicy: "Delete", UpdateReplacePolicy: "Delete" });
    expect(table.Properties.Replicas).toMatchObject([
      { DeletionProtectionEnabled: false, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
    ]);
  }
  const key = ofType(prod.template, "AWS::SecretsManager::Secret").find(([id]) => id.startsWith("TokenKey"));
  expect(key?.[1]).toMatchObject({ DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
});

test("a stage can set reserved concurrency for every route, and WebSocket access logs", () => {
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

test("an output names the commit that is deployed, if it is given", () => {
  expect(prod.template.Outputs).not.toHaveProperty("Commit");
  const app = new App({
    context: { commit: "0123abc", "aws:cdk:bundling-stacks": [] },
    builtinCloudFormationValidation: false,
  });
  const stack = new ParlorStack(app, "parlor-dev", stages.dev);
  expect(app.synth().getStackArtifact(stack.artifactId).template.Outputs.Commit.Value).toBe("0123abc");
});

test("the local stage differs from AWS in exactly the listed differences", () => {
  expect(compared.filter(({ name }) => name === undefined)).toEqual([]);
  expect([...new Set(compared.map(({ name }) => name))].sort()).toEqual(
    localDifferences.map(({ name }) => name).sort(),
  );
});
