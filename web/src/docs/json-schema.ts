// Examples and short descriptions of values, from their JSON Schema. Covers the schemas of asyncapi.json.

export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** By the last part of a `$ref`. */
export type Definitions = Readonly<Record<string, Schema>>;

/** Returns a value that the schema accepts, with only what is required. A string is the value's own name. */
export function exampleOf(schema: Schema, name: string, definitions: Definitions): unknown {
  const {
    const: only,
    enum: values,
    minimum = 0,
    properties = {},
    required = [],
    ...rest
  } = plain(schema, definitions);
  if (only !== undefined) return only;
  if (values) return values[0];
  switch (typeOf(rest)) {
    case "string":
      return name.slice(0, rest.maxLength);
    case "integer":
    case "number":
      return minimum;
    case "boolean":
      return true;
    case "array":
      return [];
    case "object":
      return Object.fromEntries(required.map((key) => [key, exampleOf(properties[key] ?? {}, key, definitions)]));
    default:
      return null;
  }
}

/** Describes what a schema accepts in a few words, such as "string, 1–64 characters". Whether it may be null is left out. */
export function typeText(schema: Schema, definitions: Definitions): string {
  const found = plain(schema, definitions);
  if (found.const !== undefined) return JSON.stringify(found.const);
  if (found.enum) return found.enum.map((value) => JSON.stringify(value)).join(" or ");
  const { minimum, maximum, minLength, maxLength } = found;
  const type = typeOf(found) ?? "any";
  if (type === "object") return `{${Object.keys(found.properties ?? {}).join(", ")}}`;
  if (maxLength !== undefined) return `${type}, ${minLength ?? 0}–${maxLength} characters`;
  if (maximum !== undefined) return `${type}, ${minimum ?? 0}–${maximum}`;
  return type;
}

/** Follows references, and drops `null` from alternatives. */
function plain(schema: Schema, definitions: Definitions): Schema {
  if (schema.$ref !== undefined) return plain(definitions[schema.$ref.split("/").at(-1) ?? ""] ?? {}, definitions);
  const alternative = (schema.anyOf ?? schema.oneOf)?.find(({ type }) => type !== "null");
  return alternative ? plain(alternative, definitions) : schema;
}

function typeOf({ type }: Schema): string | undefined {
  return typeof type === "string" ? type : type?.find((each) => each !== "null");
}
