// Each row of the route table has a scenario and rows of the permission matrix.
import { expect, test } from "vitest";
import { routes } from "../../cdk/routes/index.ts";
import { actorNames } from "../permissions/actor-names.ts";
import { matrix, NOT_APPLICABLE } from "../permissions/matrix.ts";
import { scenarios } from "../scenarios/index.ts";

const names = routes.map(({ name }) => name).sort();

test("each route has a scenario", () => {
  expect([...new Set(scenarios.flatMap(({ routes }) => routes))].sort()).toEqual(names);
});

test("each route is in the permission matrix, with one row per target", () => {
  expect([...new Set(matrix.map(({ route }) => route))].sort()).toEqual(names);
  expect(new Set(matrix.map(({ route, target }) => `${route} ${target}`)).size).toBe(matrix.length);
});

test("each row of the permission matrix has an answer for each actor", () => {
  for (const { answers } of matrix) expect(Object.keys(answers).sort()).toEqual([...actorNames].sort());
  const targets = matrix
    .filter(({ answers }) => Object.values(answers).includes(NOT_APPLICABLE))
    .map(({ target }) => target);
  expect([...new Set(targets)]).toEqual(["own message", "own deleted message"]);
});
