// The client frames of asyncapi.json, prepared for the console.
import { newId } from "../../../client/src/index.ts";
import { type Definitions, exampleOf, type Schema, typeText } from "./json-schema.ts";

/** The parts of the document that are used. */
export interface AsyncApi {
  readonly components: { readonly schemas: Definitions };
}

export interface Field {
  readonly name: string;
  /** Such as "string, 1–64 characters". */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

export interface Action {
  readonly name: string;
  readonly description: string;
  /** All except `action`. */
  readonly fields: readonly Field[];
  /** The required fields, and the room. */
  readonly example: Readonly<Record<string, unknown>>;
}

/** Returns the actions in the order of the document. */
export function actionsOf({ components: { schemas } }: AsyncApi): Action[] {
  return (schemas.ClientFrame?.oneOf ?? []).map((schema) => actionOf(schema, schemas));
}

function actionOf(schema: Schema, schemas: Definitions): Action {
  const { action, ...properties } = schema.properties ?? {};
  const required = new Set(schema.required);
  // `send` takes either a room or a person: the example has the room.
  const shown = [...new Set(["action", ...("room" in properties ? ["room"] : []), ...(schema.required ?? [])])];
  const example = exampleOf({ ...schema, required: shown }, "", schemas);
  return {
    name: String(action?.const),
    description: schema.description ?? "",
    fields: Object.entries(properties)
      .map(([name, field]) => ({
        name,
        type: typeText(field, schemas),
        required: required.has(name),
        description: field.description ?? "",
      }))
      .sort((one, other) => Number(other.required) - Number(one.required)),
    example: example as Record<string, unknown>,
  };
}

/**
 * Returns the text of a frame to start from: the action's example with what `previous`, the text of another frame, has in fields
 * of the same name. An `id` is always new: a repeated one stands for the same request.
 */
export function frameText({ example }: Action, previous = ""): string {
  const known = parsedObject(previous);
  const frame = Object.fromEntries(
    Object.entries(example).map(([name, value]) => {
      if (name === "id") return [name, newId()];
      return [name, name !== "action" && typeof known[name] === typeof value ? known[name] : value];
    }),
  );
  return JSON.stringify(frame, undefined, 2);
}

function parsedObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Formats JSON over several lines. Returns other text unchanged. */
export function formatted(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
