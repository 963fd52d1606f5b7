// What `npm run iam` shows, against the route table and the template read another way.
import { expect, test } from "vitest";
import { routes } from "../routes/index.ts";
import { stages } from "../stages.ts";
import { permissions } from "../template/read.ts";
import { permissionsByRoute } from "../template/route-permissions.ts";
import { synthesize } from "../template/synthesize.ts";

const { template } = synthesize(stages.prod);
const shown = permissionsByRoute(template, routes);

test("each grant is shown with its own reason, and beside them only the function's log", () => {
  for (const { name, grants } of routes) {
    const rows = shown.filter(({ route }) => route === name);
    const [logs, others] = [rows.slice(0, 2), rows.slice(2)];
    expect(logs.map(({ action }) => action)).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
    expect(others.map(({ action, why }) => [action, why])).toEqual(grants.map(([action, , why]) => [action, why]));
  }
});

test("all that the route's roles may do is shown", () => {
  const roles = new Set(shown.map(({ role }) => role));
  const lines = shown.map(({ role, action, resource, keys }) => {
    const rows = keys
      ? ` if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":"${keys}"},"Null":{"dynamodb:LeadingKeys":"false"}}`
      : "";
    return `${role} may ${action} on ${resource}${rows}`;
  });
  const allowed = permissions(template).filter((line) => roles.has(line.split(" ")[0] ?? ""));
  expect(roles.size).toBe(routes.length);
  expect(lines.sort()).toEqual(allowed);
});
