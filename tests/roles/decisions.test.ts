import { expect, test } from "vitest";
import { type Decision, matches, parseDecision } from "./decisions.ts";

const table = "arn:aws:dynamodb:us-east-1:000000000000:table/rooms";
const decision: Decision = {
  at: 1,
  role: "send",
  action: "dynamodb:GetItem",
  resource: table,
  keys: ["a"],
  allowed: false,
};

test("only decisions are read from the log", () => {
  expect(parseDecision(JSON.stringify({ decision }).replace('":', '": '))).toEqual([decision]);
  expect(parseDecision("WARNING something else")).toEqual([]);
  expect(parseDecision("")).toEqual([]);
});

test("a decision matches a statement of the same role, action and resource", () => {
  const { role, action, resource } = decision;
  const statement = { role, action, resource };
  expect(matches(decision, statement)).toBe(true);
  expect(matches(decision, { ...statement, role: "edit" })).toBe(false);
  expect(matches(decision, { ...statement, action: "dynamodb:PutItem" })).toBe(false);
  expect(matches(decision, { ...statement, resource: "arn:aws:dynamodb:us-east-1:000000000000:table/room" })).toBe(
    false,
  );
  expect(matches({ ...decision, resource: `${table}/index/lobby` }, statement)).toBe(false);
});

test("a statement with a condition on keys matches only calls on such rows", () => {
  const { role, action, resource } = decision;
  const statement = { role, action, resource, keys: "room#*" };
  const on = (...keys: string[]) => matches({ ...decision, keys }, statement);
  expect(on("room#a")).toBe(true);
  expect(on("room#a", "room#b")).toBe(true);
  expect(on("rooms#a")).toBe(false);
  expect(on("room#a", "connection#b")).toBe(false);
  expect(on()).toBe(false);
});

test("a statement on all connections matches a call on each of them", () => {
  const connections = "arn:aws:execute-api:us-east-1:000000000000:api/ws/POST/@connections/";
  const statement = { role: "send", action: "execute-api:ManageConnections", resource: `${connections}*` };
  const post = { ...statement, at: 1, keys: [], allowed: true };
  expect(matches({ ...post, resource: `${connections}abc=` }, statement)).toBe(true);
  expect(matches({ ...post, resource: connections.replace("POST", "DELETE") }, statement)).toBe(false);
});
