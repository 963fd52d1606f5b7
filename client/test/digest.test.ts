import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { digest } from "../src/digest.ts";
import type { Person } from "../src/protocol.ts";

const file = new URL("../../docs/protocol/people-digest.json", import.meta.url);
const vectors: { what: string; people: Person[]; digest: string }[] = JSON.parse(readFileSync(file, "utf8"));

describe("The digest of people", () => {
  test.each(vectors)("is as documented: $what", ({ people, digest: documented }) => {
    expect(digest(people)).toBe(documented);
    expect(digest(people.toReversed())).toBe(documented);
  });
});
