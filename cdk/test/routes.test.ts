// Checks that the template contains exactly what the route table says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isFromOutside, type Route, routesOf, type Target } from "../routes/index.ts";
import { stages } from "../stages.ts";
import { ofType, permissions, referenced, render, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

/** Only a stage with bots and reviewers has every route. */
const bots = [{ name: "concierge", kind: "answers" }] as const;
const review = { words: ["en"] } as const;
const stage = { ...stages.prod, bots, review };
const routes = routesOf(stage);
const { template } = synthesize(stage);
const functions = routeFunctions(template);
const allowed = permissions(template);

function only(type: string, prefix: string): string {
  const ids = ofType(template, type).map(([id]) => id);
  const [id, ...others] = ids.filter((id) => id.startsWith(prefix));
  if (!id || others.length > 0)
    throw new Error(`Expected exactly one ${type} that starts with ${prefix} among ${ids.join(", ")}`);
  return id;
}

const table = (name: string) => only("AWS::DynamoDB::GlobalTable", `Tables${name}`);
const webSocketApi = only("AWS::ApiGatewayV2::Api", "WebSocket");
const httpApi = only("AWS::ApiGatewayV2::Api", "Http");
const key = only("AWS::SecretsManager::Secret", "TokenKey");
const deadLetters: Record<string, string> = {
  answer: only("AWS::SQS::Queue", "Unanswered"),
  "tell-hook": only("AWS::SQS::Queue", "Untold"),
};
const edgeKey = only("AWS::SecretsManager::Secret", "EdgeKey");

/** One kind of a table's rows. A call without keys is refused. */
const rows = (name: string, keys: string) =>
  `<${table(name)}.Arn> if ${JSON.stringify({
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys },
    Null: { "dynamodb:LeadingKeys": "false" },
  })}`;
const execution = "<AWS::Region>:<AWS::AccountId>";
const targets: Record<Target, string> = {
  rooms: `<${table("Rooms")}.Arn>`,
  "rooms/lobby": `<${table("Rooms")}.Arn>/index/lobby`,
  "rooms/expiring": `<${table("Rooms")}.Arn>/index/expiring`,
  "connections/own": rows("Connections", "connection#*"),
  "connections/room": rows("Connections", "room#*"),
  "connections/person": rows("Connections", "user#*"),
  messages: `<${table("Messages")}.Arn>`,
  "members/password": rows("Members", "password#*"),
  "members/claims": rows("Members", "claims#*"),
  "members/roster": rows("Members", "members#*"),
  "members/list": rows("Members", "conversations#*"),
  "members/visits": rows("Members", "visits#*"),
  "members/status": rows("Members", "status#*"),
  "members/audit": rows("Members", "audit#*"),
  "members/addresses": rows("Members", "addresses#*"),
  "members/reports": rows("Members", "reports#*"),
  "members/held": rows("Members", "held#*"),
  "people/person": rows("People", "person#*"),
  "people/handle": rows("People", "handle#*"),
  "people/account": rows("People", "account#*"),
  "limits/frames": rows("Limits", "frames#*"),
  "limits/room": rows("Limits", "room#*"),
  "limits/refusals": rows("Limits", "refusals#*"),
  "limits/owner": rows("Limits", "owner#*"),
  "limits/connects": rows("Limits", "connects#*"),
  "limits/connections": rows("Limits", "connections#*"),
  "limits/guests": rows("Limits", "guests#*"),
  "limits/rooms": rows("Limits", "rooms#*"),
  "limits/owned": rows("Limits", "owned#*"),
  "limits/passwords": rows("Limits", "passwords#*"),
  "limits/lookups": rows("Limits", "lookups#*"),
  "limits/slow": rows("Limits", "slow#*"),
  "limits/text": rows("Limits", "text#*"),
  disconnects: `arn:<AWS::Partition>:execute-api:${execution}:<${webSocketApi}>/ws/DELETE/@connections/*`,
  probes: `arn:<AWS::Partition>:execute-api:${execution}:<${webSocketApi}>/ws/GET/@connections/*`,
  posts: `arn:<AWS::Partition>:execute-api:${execution}:<${webSocketApi}>/ws/POST/@connections/*`,
  bots: `<${only("AWS::Lambda::Function", "answerFunction")}.Arn>`,
  teller: `<${only("AWS::Lambda::Function", "tellhookFunction")}.Arn>`,
  // review.test.ts
  reviewer: "",
  guardrail: "",
  tokenKey: `<${key}.Id>`,
  edgeKey: `<${edgeKey}.Id>`,
};
const variables: Record<Target, [name: string, value: string]> = {
  rooms: ["ROOMS_TABLE", `<${table("Rooms")}>`],
  "rooms/lobby": ["ROOMS_TABLE", `<${table("Rooms")}>`],
  "rooms/expiring": ["ROOMS_TABLE", `<${table("Rooms")}>`],
  "connections/own": ["CONNECTIONS_TABLE", `<${table("Connections")}>`],
  "connections/room": ["CONNECTIONS_TABLE", `<${table("Connections")}>`],
  "connections/person": ["CONNECTIONS_TABLE", `<${table("Connections")}>`],
  messages: ["MESSAGES_TABLE", `<${table("Messages")}>`],
  "members/password": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/claims": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/roster": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/list": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/visits": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/status": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/audit": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/addresses": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/reports": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "members/held": ["MEMBERS_TABLE", `<${table("Members")}>`],
  "people/person": ["PEOPLE_TABLE", `<${table("People")}>`],
  "people/handle": ["PEOPLE_TABLE", `<${table("People")}>`],
  "people/account": ["PEOPLE_TABLE", `<${table("People")}>`],
  "limits/frames": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/room": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/refusals": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/owner": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/connects": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/connections": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/guests": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/rooms": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/owned": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/passwords": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/lookups": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/slow": ["LIMITS_TABLE", `<${table("Limits")}>`],
  "limits/text": ["LIMITS_TABLE", `<${table("Limits")}>`],
  disconnects: ["CALLBACK_URL", `https://<${webSocketApi}>.execute-api.<AWS::Region>.<AWS::URLSuffix>/ws`],
  probes: ["CALLBACK_URL", `https://<${webSocketApi}>.execute-api.<AWS::Region>.<AWS::URLSuffix>/ws`],
  posts: ["CALLBACK_URL", `https://<${webSocketApi}>.execute-api.<AWS::Region>.<AWS::URLSuffix>/ws`],
  bots: ["BOTS_FUNCTION", `<${only("AWS::Lambda::Function", "answerFunction")}>`],
  teller: ["TELL_FUNCTION", `<${only("AWS::Lambda::Function", "tellhookFunction")}>`],
  reviewer: ["REVIEW", ""],
  guardrail: ["REVIEW", ""],
  tokenKey: ["TOKEN_SECRET_ARN", `<${key}.Id>`],
  edgeKey: ["EDGE_SECRET_ARN", `<${edgeKey}.Id>`],
};

function functionOf({ name }: Route) {
  const found = functions.get(name);
  if (!found) throw new Error(`The route ${name} has no function`);
  return found;
}

test("every row has a function, and every function a row", () => {
  expect([...functions.keys()].sort()).toEqual(routes.map(({ name }) => name).sort());
});

test("every row has a handler, and every handler a row", () => {
  const source = readFileSync(join(import.meta.dirname, "../../handlers/lambda/src/routes/mod.rs"), "utf8");
  const handlers = [...source.matchAll(/^ +"([^"]+)" => .*\.await,$/gm)].map(([, name]) => name);
  expect(handlers.sort()).toEqual(routes.map(({ name }) => name).sort());
});

test("every action in the protocol has a row, and every frame's row an action", () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/protocol/schema.json"), "utf8"));
  const frames = schema.$defs.ClientFrame.oneOf as { properties: { action: { const: string } } }[];
  const keys = routes.flatMap(({ trigger }) => (trigger.kind === "webSocket" ? [trigger.routeKey] : []));
  expect(frames.map(({ properties }) => properties.action.const).sort()).toEqual(
    keys.filter((routeKey) => !routeKey.startsWith("$")).sort(),
  );
});

test("every HTTP operation in the OpenAPI document has a row, and every HTTP row an operation", () => {
  const { servers, paths } = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../docs/protocol/openapi.json"), "utf8"),
  );
  const [{ url }] = servers as [{ url: string }];
  const operations = Object.entries(paths as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => key !== "parameters")
      .map((method) => `${method.toUpperCase()} ${url.replace("{site}", "")}${path}`),
  );
  const rows = routes.flatMap(({ trigger }) => (trigger.kind === "http" ? [`${trigger.method} ${trigger.path}`] : []));
  expect(operations.sort()).toEqual(rows.sort());
});

test.each(routes)("$name may do what its row grants and write its log, and nothing else", (route) => {
  const { resource } = functionOf(route);
  const role = referenced(resource.Properties.Role);
  const logs = referenced(resource.Properties.LoggingConfig.LogGroup);
  expect(template.Resources[logs]?.Type).toBe("AWS::Logs::LogGroup");

  const expected = [
    ...route.grants.map(([action, on]) => `${role} may ${action} on ${targets[on]}`),
    ...(route.trigger.kind === "invocation" ? [`${role} may sqs:SendMessage on <${deadLetters[route.name]}.Arn>`] : []),
    `${role} may logs:CreateLogStream on <${logs}.Arn>`,
    `${role} may logs:PutLogEvents on <${logs}.Arn>`,
  ];
  expect(allowed.filter((line) => line.startsWith(`${role} `))).toEqual(expected.sort());
});

test("no two functions share a role or a log group", () => {
  for (const property of ["Role", "LoggingConfig"]) {
    const values = [...functions.values()].map(({ resource }) => JSON.stringify(resource.Properties[property]));
    expect(new Set(values).size).toBe(functions.size);
  }
});

test("no permission contains Scan, a wildcard action or a managed policy", () => {
  expect(allowed.filter((line) => line.includes(":Scan"))).toEqual([]);
  expect(allowed.filter((line) => line.includes("has the managed policy"))).toEqual([]);
  expect(allowed.filter((line) => /may \S*\*/.test(line))).toEqual([]);
});

test.each(routes)("$name gets environment variables for its grants' targets, and no others", (route) => {
  const { Environment } = functionOf(route).resource.Properties;
  const { RATES, BOTS, REVIEW, ...others } = Environment.Variables;
  const site = only("AWS::CloudFront::Distribution", "Site");
  expect(JSON.parse(BOTS)).toEqual([{ name: "concierge", title: "Concierge" }]);
  expect(JSON.parse(REVIEW).words).toEqual(["0"]);
  expect(RATES !== undefined).toBe(route.grants.some(([, on]) => on.startsWith("limits/")));
  expect(Object.fromEntries(Object.entries(others).map(([name, value]) => [name, render(value)]))).toEqual({
    ROUTE: route.name,
    STAGE: "prod",
    METRICS: "true",
    ...Object.fromEntries(route.grants.map(([, on]) => variables[on] ?? ["unknown", on])),
    ...(route.links && { SITE_URL: `https://<${site}.DomainName>` }),
    ...(isFromOutside(route) && { EDGE_ONLY: "false" }),
    ...(route.trigger.kind === "authorizer" && { ORIGINS: `https://<${site}.DomainName>` }),
  });
});

test.each(routes)("$name has its row's memory and timeout", (route) => {
  const { MemorySize, Timeout } = functionOf(route).resource.Properties;
  expect({ memory: MemorySize, timeout: Timeout }).toEqual({ memory: route.memory, timeout: route.timeout });
});

test("routes that post to a whole room have more than half a processor, for as many TLS handshakes as parallel posts", () => {
  const may = ({ grants }: Route, action: string, target: Target) =>
    grants.some(([granted, on]) => granted === action && on === target);
  // Every route that posts to a whole room also deletes the rows of connections that are gone.
  const fanOuts = routes.filter(
    (route) =>
      may(route, "execute-api:ManageConnections", "posts") && may(route, "dynamodb:DeleteItem", "connections/room"),
  );
  // `ping` posts to a room only if it finds an ended lease; its row says why it has less.
  const slow = fanOuts.filter(({ memory }) => memory < 1_769 / 2).map(({ name }) => name);
  expect(slow).toEqual(["ping"]);
});

test("every function that finds rooms open times out in less than half the time that is kept for late writes", () => {
  const source = readFileSync(join(import.meta.dirname, "../../handlers/chat/src/store/log/remains.rs"), "utf8");
  const late = Number(/const LATE: Millis = ([\d_]+);/.exec(source)?.[1]?.replaceAll("_", ""));
  expect(late).toBeGreaterThan(0);
  // The sweep only ends and deletes.
  const writing = routes.filter(({ trigger }) => trigger.kind !== "schedule");
  for (const { name, timeout } of writing) expect(timeout * 1000, name).toBeLessThan(late / 2);
});

test("a join has ended by the time others may judge its seat and its name abandoned", () => {
  const source = readFileSync(join(import.meta.dirname, "../../handlers/chat/src/rooms/claims.rs"), "utf8");
  const [, seconds] = /const JOIN_TIMEOUT: Millis = (\d+) \* 1000;/.exec(source) ?? [];
  expect(routes.find(({ name }) => name === "join")?.timeout).toBe(Number(seconds));
});

test("the APIs invoke each route by its trigger, and have no other routes", () => {
  const reached = ofType(template, "AWS::ApiGatewayV2::Route").map(([, { Properties }]) => {
    const integration = template.Resources[render(Properties.Target).replace(/^integrations\/<(.+)>$/, "$1")];
    return `${referenced(Properties.ApiId)} ${Properties.RouteKey} → ${handlerOf(integration?.Properties.IntegrationUri)}`;
  });
  const expected = routes.flatMap(({ name, trigger }) => {
    if (trigger.kind === "webSocket") return [`${webSocketApi} ${trigger.routeKey} → ${name}`];
    if (trigger.kind === "http") return [`${httpApi} ${trigger.method} ${trigger.path} → ${name}`];
    return [];
  });
  expect(reached.sort()).toEqual(expected.sort());
});

test("each scheduled route is invoked as often as its row says, and no other", () => {
  const invoked = ofType(template, "AWS::Events::Rule").map(([, { Properties }]) => {
    const [target] = Properties.Targets;
    return `${Properties.ScheduleExpression} → ${handlerOf(target.Arn)}`;
  });
  const expected = routes.flatMap(({ name, trigger }) =>
    trigger.kind === "schedule" ? [`rate(${trigger.minutes} minute) → ${name}`] : [],
  );
  expect(invoked).toEqual(expected);
});

test.each(["answer", "tell-hook"])(
  "only `send` invokes %s, which is tried three times and then has a dead-letter queue of its own",
  (name) => {
    const id = functions.get(name)?.id;
    const retried = ofType(template, "AWS::Lambda::EventInvokeConfig").map(([, { Properties }]) => Properties);
    expect(retried.length).toBe(2);
    expect(retried.find(({ FunctionName }) => referenced(FunctionName) === id)).toEqual({
      FunctionName: { Ref: id },
      Qualifier: "$LATEST",
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 600,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [deadLetters[name], "Arn"] } } },
    });
    expect(allowed.filter((line) => line.includes("lambda:InvokeFunction") && line.includes(`<${id}.Arn>`))).toEqual([
      expect.stringMatching(/^sendRole\w+ may lambda:InvokeFunction on /),
    ]);
  },
);

test("a stage without bots has no function, queue, alarm or permission of theirs", () => {
  const { template: none } = synthesize({ ...stages.prod, review });
  const withBots = Object.keys(template.Resources).filter((id) => !(id in none.Resources));
  expect(withBots.map((id) => id.replace(/[0-9A-F]{8}$/, ""))).toEqual([
    "UnansweredQueue",
    "UnansweredQueuePolicy",
    "answerLogs",
    "answerRole",
    "answerFunction",
    "answerRetries",
    "MonitoringABotDoesNotAnswer",
  ]);
  expect(permissions(none).filter((line) => / sqs:(?!\*)|sendRole\w+ may lambda:/.test(line))).toEqual([
    expect.stringMatching(/^sendRole\w+ may lambda:InvokeFunction on <tellhookFunction\w+\.Arn>$/),
    expect.stringMatching(/^tellhookRole\w+ may sqs:SendMessage on <UntoldQueue\w+\.Arn>$/),
  ]);
  for (const [, { resource }] of routeFunctions(none)) {
    const { BOTS, BOTS_FUNCTION } = resource.Properties.Environment.Variables;
    expect([BOTS, BOTS_FUNCTION]).toEqual([undefined, undefined]);
  }
});

test("every connection passes the authorizer, with or without a token or an origin", () => {
  const connects = ofType(template, "AWS::ApiGatewayV2::Route").filter(
    ([, { Properties }]) => Properties.RouteKey === "$connect",
  );
  const [[, connect] = []] = connects;
  const authorizer = template.Resources[referenced(connect?.Properties.AuthorizerId)];
  expect(connect?.Properties.AuthorizationType).toBe("CUSTOM");
  expect(authorizer?.Properties).toMatchObject({ AuthorizerType: "REQUEST", IdentitySource: [] });
  expect(handlerOf(authorizer?.Properties.AuthorizerUri)).toBe("authorize");
});

/** Returns the route that the URI of an integration or an authorizer invokes. */
function handlerOf(uri: unknown): string | undefined {
  return [...functions].find(([, { id }]) => render(uri).includes(`<${id}.Arn>`))?.[0];
}
