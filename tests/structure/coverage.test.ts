// Each row of the route table has a scenario and, if anybody can call it, rows of the permission matrix.
import { expect, test } from "vitest";
import { isCallable, routes } from "../../cdk/routes/index.ts";
import { actorNames } from "../permissions/actor-names.ts";
import { frames as matrixFrames } from "../permissions/frame.ts";
import { scenarios as permissions } from "../permissions/index.ts";
import { matrix, NOT_APPLICABLE } from "../permissions/matrix.ts";
import { smokeScenarios } from "../scenarios/index.ts";
import { frames as floodFrames } from "../scenarios/limits.ts";

const names = routes.map(({ name }) => name).sort();

const frameRoutes = routes.filter(({ trigger }) => trigger.kind === "webSocket").map(({ name }) => name);

test("each route has a scenario of its own in tests/scenarios, besides the floods and the permission matrix", () => {
  const own = smokeScenarios.filter((scenario) => !permissions.includes(scenario));
  expect(own).toHaveLength(smokeScenarios.length - permissions.length);
  expect([...new Set(own.flatMap(({ routes }) => routes))].sort()).toEqual(names);
});

test("each frame's route is flooded by tests/scenarios/limits.ts and has a frame in tests/permissions/frame.ts", () => {
  expect(Object.keys(floodFrames).sort()).toEqual([...frameRoutes].sort());
  // The gateway sends these itself; the matrix tries them under "the gateway's action".
  const sentByClients = frameRoutes.filter((name) => name !== "connect" && name !== "disconnect");
  expect(Object.keys(matrixFrames).sort()).toEqual(sentByClients.sort());
});

test("each route that somebody can call is in the permission matrix, with one row per target, and no other route is", () => {
  const callable = routes.filter(isCallable).map(({ name }) => name);
  expect([...new Set(matrix.map(({ route }) => route))].sort()).toEqual(callable.sort());
  expect(new Set(matrix.map(({ route, target }) => `${route} ${target}`)).size).toBe(matrix.length);
});

test("each row of the permission matrix has an answer for each actor", () => {
  for (const { answers } of matrix) expect(Object.keys(answers).sort()).toEqual([...actorNames].sort());
  const targets = matrix
    .filter(({ answers }) => Object.values(answers).includes(NOT_APPLICABLE))
    .map(({ target }) => target);
  expect([...new Set(targets)]).toEqual(["own message, mentioning everyone", "own message", "own deleted message"]);
});
