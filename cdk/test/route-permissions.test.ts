// Checks what `npm run iam` lists against the route table and against a second way to read the template.
import { expect, test } from "vitest";
import { routesOf } from "../routes/index.ts";
import { stages } from "../stages.ts";
import { permissions } from "../template/read.ts";
import { permissionsByRoute } from "../template/route-permissions.ts";
import { synthesize } from "../template/synthesize.ts";

const { bots = [] } = stages.local;
const withBots = { ...stages.prod, bots };
const { template } = synthesize(withBots);
const routes = routesOf(withBots);
const listed = permissionsByRoute(template, routes);

test("each grant is listed with its reason; the others are for the function's log and its dead letters", () => {
  for (const { name, grants, trigger } of routes) {
    const rows = listed.filter(({ route }) => route === name);
    const end = 2 + grants.length;
    const [logs, granted, letters] = [rows.slice(0, 2), rows.slice(2, end), rows.slice(end)];
    expect(letters.map(({ action }) => action)).toEqual(trigger.kind === "invocation" ? ["sqs:SendMessage"] : []);
    expect(logs.map(({ action }) => action)).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
    expect(granted.map(({ action, reason }) => [action, reason])).toEqual(
      grants.map(([action, , reason]) => [action, reason]),
    );
  }
});

test("every permission of the routes' roles is listed", () => {
  const roles = new Set(listed.map(({ role }) => role));
  const lines = listed.map(({ role, action, resource, keys }) => {
    const rows = keys
      ? ` if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":"${keys}"},"Null":{"dynamodb:LeadingKeys":"false"}}`
      : "";
    return `${role} may ${action} on ${resource}${rows}`;
  });
  const allowed = permissions(template).filter((line) => roles.has(line.split(" ")[0] ?? ""));
  expect(roles.size).toBe(routes.length);
  expect(lines.sort()).toEqual(allowed);
});
