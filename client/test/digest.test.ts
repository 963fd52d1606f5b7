import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { digest } from "../src/digest.ts";
import type { Person } from "../src/protocol.ts";

const file = new URL("../../docs/protocol/people-digest.json", import.meta.url);
const vectors: { what: string; people: Person[]; digest: string }[] = JSON.parse(readFileSync(file, "utf8"));

describe("the digest of a room's people", () => {
  test.each(vectors)("matches the documented vector: $what", ({ people, digest: documented }) => {
    expect(digest(people)).toBe(documented);
    expect(digest(people.toReversed())).toBe(documented);
  });
});
