import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { codeParts } from "./code-parts.ts";
import { type Action, actionsOf, frameText } from "./frames.ts";
import { exampleOf, type Schema, typeText } from "./json-schema.ts";

const asyncApi = JSON.parse(readFileSync(new URL("../../../docs/protocol/asyncapi.json", import.meta.url), "utf8"));
const actions = actionsOf(asyncApi);
const actionNamed = (name: string) => actions.find((action) => action.name === name) as Action;

const validate = new Ajv2020({ strict: false, validateFormats: false })
  .addSchema({ $id: "urn:parlor:frames", components: asyncApi.components })
  .compile({ $ref: "urn:parlor:frames#/components/schemas/ClientFrame" });

test("there is an action for each client frame of the document", () => {
  expect(actions).toHaveLength(asyncApi.components.schemas.ClientFrame.oneOf.length);
  expect(actions.map(({ name }) => name)).toEqual(expect.arrayContaining(["join", "send", "ping"]));
});

describe.each(actions)("$name", (action) => {
  test("starts from a frame that the document accepts, with the action first", () => {
    const frame = JSON.parse(frameText(action));
    expect(Object.keys(frame)[0]).toBe("action");
    expect(validate(frame), JSON.stringify(validate.errors)).toBe(true);
  });

  test("lists every field, those that are required first", () => {
    const schema = asyncApi.components.schemas.ClientFrame.oneOf.find(
      ({ properties }: Schema) => properties?.action?.const === action.name,
    );
    const others = Object.keys(schema.properties).filter((name) => name !== "action");
    expect(action.fields.map(({ name }) => name).sort()).toEqual(others.sort());
    const required = action.fields.map(({ required }) => required);
    expect(required).toEqual(required.toSorted((one, other) => Number(other) - Number(one)));
  });
});

test("another action keeps the values of fields of the same name and type, with a new id", () => {
  const previous = JSON.stringify({ action: "join", room: "k3v9", id: "1", text: 7 });
  const frame = JSON.parse(frameText(actionNamed("send"), previous));
  expect(frame).toEqual({ action: "send", room: "k3v9", id: expect.stringMatching(/^[0-9a-f]{24}$/), text: "text" });
});

test.each(["", "{", "null", "[1]", '"room"'])("another action after the text %j is its example", (previous) => {
  expect(JSON.parse(frameText(actionNamed("join"), previous))).toEqual({ action: "join", room: "room" });
});

test("a field's type names its limits, and leaves out null", () => {
  const types = Object.fromEntries(
    [...actionNamed("join").fields, ...actionNamed("history").fields, ...actionNamed("react").fields].map(
      ({ name, type }) => [name, type],
    ),
  );
  expect(types).toMatchObject({
    name: "string, 1–32 characters",
    since: "{epoch, seq}",
    limit: "integer, 1–100",
    before: "integer",
    on: "boolean",
    epoch: "string",
  });
});

test.each<[Schema, unknown, string]>([
  [{ enum: ["b", "a"], type: "string" }, "b", '"b" or "a"'],
  [{ type: "string", maxLength: 2 }, "na", "string, 0–2 characters"],
  [{ type: ["null", "integer"], minimum: 3 }, 3, "integer"],
  [{ type: "array" }, [], "array"],
  [{ oneOf: [{ type: "null" }, { $ref: "#/x/Point" }] }, { x: 1 }, "{x, y}"],
  [{}, null, "any"],
  [{ $ref: "#/x/Absent" }, null, "any"],
])("the schema %j has the example %j and the type %s", (schema, example, type) => {
  const number: Schema = { type: "number", minimum: 1 };
  const definitions = { Point: { type: "object", properties: { x: number, y: number }, required: ["x"] } };
  expect(exampleOf(schema, "name", definitions)).toEqual(example);
  expect(typeText(schema, definitions)).toBe(type);
});

test("code in a description is what is between two backticks", () => {
  expect(codeParts("Repeat the `id`: `a` `b")).toEqual([
    { text: "Repeat the ", isCode: false },
    { text: "id", isCode: true },
    { text: ": ", isCode: false },
    { text: "a", isCode: true },
    { text: " `b", isCode: false },
  ]);
  expect(codeParts("")).toEqual([]);
});
