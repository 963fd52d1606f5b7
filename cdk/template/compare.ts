// Compares the local stage's template with the one for AWS, and names each difference as `localDifferences` does.
import { localDifferences } from "../local-differences.ts";
import { stages } from "../stages.ts";
import { synthesize, type Template } from "./synthesize.ts";

export interface Difference {
  /** Its name in `localDifferences`. Undefined if it is not listed there; a test forbids that. */
  readonly name: string | undefined;
  /** `<resource type> <logical id> <property path>`, or `Output <name> <path>`. The path of a whole resource is empty. */
  readonly place: string;
  /** Undefined if the local template has nothing there; `aws` likewise. */
  readonly local: string | undefined;
  readonly aws: string | undefined;
}

export function differences(): Difference[] {
  const local = places(synthesize(stages.local).template);
  // The same settings, on AWS: only the local cloud's differences remain.
  const aws = places(synthesize({ ...stages.local, emulatorPort: undefined }).template);
  const isWhole = (place: string) => local.has(wholeOf(place)) && aws.has(wholeOf(place));
  return [...new Set([...local.keys(), ...aws.keys()])]
    .filter((place) => local.get(place) !== aws.get(place))
    .filter((place) => place === wholeOf(place) || isWhole(place))
    .map((place) => ({ name: nameOf(place), place, local: local.get(place), aws: aws.get(place) }));
}

function nameOf(place: string): string | undefined {
  return localDifferences.find(({ changes }) => changes.some((change) => change.test(place)))?.name;
}

/** Returns the place of the resource or output that contains this place. */
function wholeOf(place: string): string {
  return place.replace(/^(\S+ \S+ ).*/, "$1");
}

function places({ Resources, Outputs }: Template): Map<string, string> {
  const found = new Map<string, string>();
  const add = (whole: string, properties: object) => {
    found.set(`${whole} `, "present");
    for (const [path, value] of leaves(properties)) found.set(`${whole} ${path}`, value);
  };
  for (const [id, { Type, Properties, Metadata: _, ...attributes }] of Object.entries(Resources)) {
    add(`${Type} ${id}`, { ...Properties, ...attributes });
  }
  for (const [name, output] of Object.entries(Outputs)) add(`Output ${name}`, output);
  return found;
}

function leaves(value: unknown, path: readonly string[] = []): [path: string, value: string][] {
  const text = (leaf: unknown) => JSON.stringify(leaf).replace(/[0-9a-f]{64}/g, "<hash>");
  // A value that CloudFormation computes (`Ref`, `Fn::…`) is one leaf.
  const isLeaf = !isObject(value) || Object.keys(value).some((key) => key === "Ref" || key.startsWith("Fn::"));
  if (isLeaf) return [[path.join("."), text(value)]];
  return Object.entries(value).flatMap(([key, child]) =>
    // A policy's statements are a set: their order does not matter.
    path.at(-1) === "Statement" ? [[[...path, text(child)].join("."), "present"]] : leaves(child, [...path, key]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
