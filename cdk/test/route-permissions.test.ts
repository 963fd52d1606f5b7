// Checks what `npm run iam` lists against the route table and against a second way to read the template.
import { expect, test } from "vitest";
import { routes } from "../routes/index.ts";
import { stages } from "../stages.ts";
import { permissions } from "../template/read.ts";
import { permissionsByRoute } from "../template/route-permissions.ts";
import { synthesize } from "../template/synthesize.ts";

const { template } = synthesize(stages.prod);
const listed = permissionsByRoute(template, routes);

test("each grant is listed with its reason; the only other permissions are for the function's log", () => {
  for (const { name, grants } of routes) {
    const rows = listed.filter(({ route }) => route === name);
    const [logs, granted] = [rows.slice(0, 2), rows.slice(2)];
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
