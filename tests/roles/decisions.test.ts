import { expect, test } from "vitest";
import { type Decision, decisionIn, isAbout } from "./decisions.ts";

const table = "arn:aws:dynamodb:us-east-1:000000000000:table/rooms";
const decision: Decision = { role: "send", action: "dynamodb:GetItem", resource: table, keys: ["a"], allowed: false };

test("of the cloud's log only the decisions are read", () => {
  expect(decisionIn(JSON.stringify({ decision }).replace('":', '": '))).toEqual([decision]);
  expect(decisionIn("WARNING something else")).toEqual([]);
  expect(decisionIn("")).toEqual([]);
});

test("a decision is about a grant of the same role, action and resource", () => {
  const { allowed: _, keys: __, ...grant } = decision;
  expect(isAbout(decision, grant)).toBe(true);
  expect(isAbout(decision, { ...grant, role: "edit" })).toBe(false);
  expect(isAbout(decision, { ...grant, action: "dynamodb:PutItem" })).toBe(false);
  expect(isAbout(decision, { ...grant, resource: "arn:aws:dynamodb:us-east-1:000000000000:table/room" })).toBe(false);
  expect(isAbout({ ...decision, resource: `${table}/index/lobby` }, grant)).toBe(false);
});

test("a grant on some rows is about calls on such rows alone", () => {
  const { role, action, resource } = decision;
  const grant = { role, action, resource, keys: "room#*" };
  const on = (...keys: string[]) => isAbout({ ...decision, keys }, grant);
  expect(on("room#a")).toBe(true);
  expect(on("room#a", "room#b")).toBe(true);
  expect(on("rooms#a")).toBe(false);
  expect(on("room#a", "connection#b")).toBe(false);
  expect(on()).toBe(false);
});

test("a grant on every connection is about each of them", () => {
  const connections = "arn:aws:execute-api:us-east-1:000000000000:api/ws/POST/@connections/";
  const grant = { role: "send", action: "execute-api:ManageConnections", resource: `${connections}*` };
  const post = { ...grant, keys: [], allowed: true };
  expect(isAbout({ ...post, resource: `${connections}abc=` }, grant)).toBe(true);
  expect(isAbout({ ...post, resource: connections.replace("POST", "DELETE") }, grant)).toBe(false);
});
