import { expect, test } from "vitest";
import { routes } from "../../cdk/routes/index.ts";
import { attempts, verdict } from "./attempts.ts";

const all = attempts({
  tables: {
    rooms: "Rooms",
    connections: "Connections",
    messages: "Messages",
    members: "Members",
    people: "People",
    limits: "Limits",
  },
  stagePath: "/api/ws",
  secrets: { tokenKey: "token-key", edgeKey: "edge-key" },
  bots: "answer",
  teller: "tell-hook",
  role: "role",
  function: "function",
  logGroup: "logs",
});
const of = (grant: readonly [string, string]) =>
  all.filter((attempt) => attempt.grant?.[0] === grant[0] && attempt.grant[1] === grant[1]);

test("exactly one call tries each grant of each route", () => {
  for (const { grants } of routes) for (const [action, on] of grants) expect(of([action, on])).toHaveLength(1);
});

test("every table and index is scanned, and titles are unique", () => {
  expect(all.map(({ title }) => title).filter((title) => title.includes(":Scan"))).toHaveLength(8);
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
});

test("recognizes whether a response means allowed or denied", () => {
  const denied = '{"__type": "AccessDeniedException", "message": "User: … is not authorized"}';
  expect(verdict({ status: 403, text: denied })).toBe("denied");
  expect(verdict({ status: 403, text: "<Error><Code>AccessDenied</Code></Error>" })).toBe("denied");
  expect(verdict({ status: 200, text: "{}" })).toBe("allowed");
  expect(verdict({ status: 410, text: "GoneException" })).toBe("allowed");
  expect(verdict({ status: 400, text: '{"__type": "ConditionalCheckFailedException"}' })).toBe("allowed");
  expect(verdict({ status: 403, text: "SignatureDoesNotMatch" })).toBe("403 SignatureDoesNotMatch");
  expect(verdict({ status: 400, text: "ResourceNotFoundException" })).toBe("400 ResourceNotFoundException");
});
