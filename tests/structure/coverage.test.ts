// Each row of the route table has a scenario and rows of the permission matrix.
import { expect, test } from "vitest";
import { routes } from "../../cdk/routes/index.ts";
import { table as matrix, NOTHING } from "../permissions/table.ts";
import { everyone } from "../permissions/who.ts";
import { scenarios } from "../scenarios/index.ts";

const names = routes.map(({ name }) => name).sort();

test("each route has a scenario", () => {
  expect([...new Set(scenarios.flatMap(({ routes }) => routes))].sort()).toEqual(names);
});

test("each route is in the permission matrix, and no two of its rows are about the same", () => {
  expect([...new Set(matrix.map(({ route }) => route))].sort()).toEqual(names);
  expect(new Set(matrix.map(({ route, on }) => `${route} ${on}`)).size).toBe(matrix.length);
});

test("each row of the permission matrix has an answer for every actor", () => {
  for (const { answers } of matrix) expect(Object.keys(answers).sort()).toEqual([...everyone].sort());
  const nothing = matrix.filter(({ answers }) => Object.values(answers).includes(NOTHING)).map(({ on }) => on);
  expect([...new Set(nothing)]).toEqual(["own message", "own deleted message"]);
});
