// Checks the generated descriptions of the protocol with the tools that people use to read them.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createConfig, lint, type RawUniversalConfig } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";

const pathOf = (name: string) => fileURLToPath(new URL(`../docs/protocol/${name}`, import.meta.url));

/** Returns a function that compiles the schema at a path. Strict Ajv throws on unknown keywords and formats; the formats listed are OpenAPI's. */
async function compiler(name: string) {
  const document = JSON.parse(await readFile(pathOf(name), "utf8"));
  const { $defs, components } = document;
  const ajv = new Ajv2020({ strict: true, formats: { int32: true, int64: true } });
  ajv.addVocabulary(["components"]);
  ajv.addSchema(name === "schema.json" ? document : { $id: "urn:parlor:protocol", components });
  return {
    definitions: Object.keys($defs ?? components.schemas),
    compile: (path: string) => ajv.compile({ $ref: `urn:parlor:protocol#${path}` }),
  };
}

test.each([
  ["schema.json", "/$defs"],
  ["openapi.json", "/components/schemas"],
  ["asyncapi.json", "/components/schemas"],
])("strict Ajv compiles every definition of %s", async (name, path) => {
  const { definitions, compile } = await compiler(name);
  expect(definitions.length).toBeGreaterThan(5);
  for (const definition of definitions) compile(`${path}/${definition}`);
});

test("the root schema accepts every frame and nothing else", async () => {
  const isFrame = (await compiler("schema.json")).compile("");
  const person = { userId: "u", name: "Ada" };
  const place = { room: "r", epoch: "e", seq: 1 };
  for (const frame of [
    { action: "join", room: "r", name: "Ada", since: { epoch: "e", seq: 0 } },
    { action: "send", room: "r", id: "1", text: "Hello" },
    { action: "ping" },
    { type: "message", ...place, id: "1", from: person, text: "Hello", at: 1_763_712_000_000 },
    { type: "error", code: "rateLimited", message: "wait", retryable: true, retryAfterMs: 1200 },
  ]) {
    expect(isFrame(frame), JSON.stringify([frame, isFrame.errors])).toBe(true);
  }
  for (const other of [
    {},
    "join",
    { action: "dance" },
    { action: "join" },
    { action: "send", room: "r", id: "1", text: "" },
    { action: "ping", more: 1 },
    { type: "error", code: "other", message: "", retryable: true },
    { type: "message", ...place, id: "1", from: person, text: "Hello", at: "now" },
  ]) {
    expect(isFrame(other), JSON.stringify(other)).toBe(false);
  }
});

test("null removes a room's topic but not its name", async () => {
  const isUpdate = (await compiler("openapi.json")).compile("/components/schemas/RoomUpdate");
  expect([{ topic: null }, { name: "N", topic: null }, { topic: "" }].map((body) => isUpdate(body))).toEqual([
    true,
    true,
    true,
  ]);
  expect([{ name: null }, { name: "N", more: 1 }].map((body) => isUpdate(body))).toEqual([false, false]);
});

const openapi: RawUniversalConfig = { extends: ["recommended-strict"] };
// A token is optional.
const asyncapi: RawUniversalConfig = { extends: ["recommended-strict"], rules: { "security-defined": "off" } };

test.each([
  ["openapi.json", openapi],
  ["asyncapi.json", asyncapi],
])("Redocly accepts %s", async (name, rules) => {
  const problems = await lint({ ref: pathOf(name), config: await createConfig(rules) });
  expect(problems.map(({ message, location }) => `${location[0]?.pointer}: ${message}`)).toEqual([]);
});
