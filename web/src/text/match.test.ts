import { expect, test } from "vitest";
import { matchRank } from "./match.ts";

test.each([
  ["", "Garden", 0],
  ["gar", "Garden", 0],
  ["CAFE", "Café am Eck", 0],
  ["eck", "Café am Eck", 1],
  ["am caf", "Café am Eck", 1],
  ["ard", "Garden", 2],
  ["日本", "私の日本語", 1],
  ["éck", "Café am Eck", 1],
  ["x", "Garden", undefined],
  ["caf x", "Café am Eck", undefined],
])("the query %j fits the name %j with rank %s", (query, name, rank) => {
  expect(matchRank(query, name)).toBe(rank);
});
