// Calls to make with the credentials of a route's role: every action of the route table on every target, and what somebody
// who took over the function would try. The local cloud must deny all but what the role is granted. A call that is wrongly
// allowed may change the stage.
import type { Action, Target } from "../../cdk/routes/index.ts";
import { type Call, type CallResult, dynamoDb, logs, query, rest, secretsManager } from "../../local/calls.ts";

export interface Attempt {
  /** For example `dynamodb:Scan on rooms`. */
  readonly title: string;
  readonly call: Call;
  /** The grant that allows the call. If undefined, no role may make it. */
  readonly grant?: readonly [Action, Target];
}

/** Physical names in the stack under test. */
export interface Names {
  readonly tables: Readonly<Record<Table, string>>;
  /** The path of the WebSocket stage. */
  readonly stagePath: string;
  readonly secrets: Readonly<Record<"tokenKey" | "edgeKey", string>>;
  /** The function that answers for bots. */
  readonly bots: string;
  /** The function that tells webhooks. */
  readonly teller: string;
  /** These three belong to another route. */
  readonly role: string;
  readonly function: string;
  readonly logGroup: string;
}

type Table = "rooms" | "connections" | "messages" | "members" | "people" | "limits";
type Key = Readonly<Record<string, { readonly S: string }>>;

const key = (...names: string[]): Key => Object.fromEntries(names.map((name) => [name, { S: "nobody" }]));

const keys: Record<Table, Key> = {
  rooms: key("roomId"),
  connections: key("channel", "connectionId"),
  messages: key("roomId", "sk"),
  members: key("scope", "key"),
  people: key("key"),
  limits: key("limitId"),
};

const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));

/** For tables with several kinds of rows: how the keys of each kind begin. */
const kinds: Partial<Record<Table, Readonly<Record<string, string>>>> = {
  connections: { own: "connection", room: "room", person: "user" },
  members: {
    ...same("password", "claims", "visits", "status", "audit", "addresses", "reports", "held"),
    roster: "members",
    list: "conversations",
  },
  people: same("person", "handle", "account"),
  limits: same(
    "frames",
    "room",
    "refusals",
    "owner",
    "connects",
    "connections",
    "guests",
    "rooms",
    "owned",
    "passwords",
    "lookups",
    "slow",
    "text",
  ),
};

const indexes = [
  ["rooms", "lobby", "lobbyShard"],
  ["rooms", "expiring", "sweepQueue"],
] as const;

export function attempts(names: Names): Attempt[] {
  return [
    ...onTables(names),
    ...onIndexes(names),
    ...onConnections(names),
    ...onSecrets(names),
    ...(["bots", "teller"] as const).map(
      (target): Attempt => ({
        title: `lambda:InvokeFunction on ${target}`,
        call: rest("lambda", "POST", `/2015-03-31/functions/${names[target]}/invocations`, "{}"),
        grant: ["lambda:InvokeFunction", target],
      }),
    ),
    ...asAdministrator(names),
  ];
}

function onTables({ tables }: Names): Attempt[] {
  return Object.entries(keys).flatMap(([name, Key]) => {
    const TableName = tables[name as Table];
    const partition = Object.keys(Key)[0] ?? "";
    const rows = Object.entries(kinds[name as Table] ?? {}).map(
      ([kind, begin]) => [`${name}/${kind}`, { ...Key, [partition]: { S: `${begin}#nobody` } }] as const,
    );
    const forbidden = {
      Scan: {},
      BatchWriteItem: { RequestItems: { [TableName]: [{ DeleteRequest: { Key } }] } },
      ExecuteStatement: { Statement: `SELECT * FROM "${TableName}"` },
      TransactWriteItems: { TransactItems: [{ ConditionCheck: { TableName, Key, ...never(partition) } }] },
      DescribeTable: {},
      UpdateTable: { DeletionProtectionEnabled: false },
      DeleteTable: {},
    };
    // In a table with several kinds of rows, a key outside every kind must be denied.
    const all = [...rows, [name, Key] as const];
    const mixed = {
      title: `dynamodb:TransactWriteItems on rows of each kind of ${name}`,
      // IAM decides on each item separately.
      call: dynamoDb("TransactWriteItems", {
        TransactItems: all.map(([, Key]) => ({ Update: { TableName, Key, ...never(partition) } })),
      }),
    };
    return [
      ...all.flatMap(([on, Key]) => onRow(TableName, on, Key)),
      ...(rows.length > 0 ? [mixed] : []),
      ...Object.entries(forbidden).map(([operation, body]) => {
        // These name the table inside the request.
        const isNested = ["RequestItems", "Statement", "TransactItems"].some((field) => field in body);
        const call = dynamoDb(operation, isNested ? body : { TableName, ...body });
        return { title: `dynamodb:${operation} on ${name}`, call };
      }),
    ];
  });
}

function onRow(TableName: string, on: string, Key: Key): Attempt[] {
  const [[partition, { S: value }] = ["", { S: "" }]] = Object.entries(Key);
  const bodies = {
    GetItem: { Key },
    Query: equals(partition, value),
    PutItem: { Item: Key, ...never(partition) },
    UpdateItem: { Key, ...never(partition) },
    DeleteItem: { Key },
  };
  const calls = {
    ...Object.fromEntries(Object.entries(bodies).map(([operation, body]) => [operation, { TableName, ...body }])),
    BatchGetItem: { RequestItems: { [TableName]: { Keys: [Key] } } },
  };
  return Object.entries(calls).map(([operation, body]) => ({
    title: `dynamodb:${operation} on ${on}`,
    call: dynamoDb(operation, body),
    grant: [`dynamodb:${operation}` as Action, on as Target],
  }));
}

const never = (partition: string) => ({
  ConditionExpression: "attribute_exists(#partition)",
  ExpressionAttributeNames: { "#partition": partition },
});

function onIndexes({ tables }: Names): Attempt[] {
  return indexes.flatMap(([table, IndexName, partition]) => {
    const index = { TableName: tables[table], IndexName };
    const on = `${table}/${IndexName}`;
    return [
      {
        title: `dynamodb:Query on ${on}`,
        call: dynamoDb("Query", { ...index, ...equals(partition, "nobody") }),
        grant: ["dynamodb:Query", on as Target] as const,
      },
      { title: `dynamodb:Scan on ${on}`, call: dynamoDb("Scan", index) },
    ];
  });
}

const equals = (partition: string, value: string) => ({
  KeyConditionExpression: "#partition = :value",
  ExpressionAttributeNames: { "#partition": partition },
  ExpressionAttributeValues: { ":value": { S: value } },
});

function onConnections({ stagePath }: Names): Attempt[] {
  const other = stagePath.replace(/[^/]+$/, "other");
  const attempt = (method: "GET" | "POST" | "DELETE", stage: string): Attempt => ({
    title: `execute-api:ManageConnections by ${method} in ${stage === other ? "another stage" : "this stage"}`,
    call: rest("execute-api", method, `${stage}/@connections/nobody`),
  });
  return [
    { ...attempt("POST", stagePath), grant: ["execute-api:ManageConnections", "posts"] },
    { ...attempt("GET", stagePath), grant: ["execute-api:ManageConnections", "probes"] },
    { ...attempt("DELETE", stagePath), grant: ["execute-api:ManageConnections", "disconnects"] },
    attempt("POST", other),
    attempt("DELETE", other),
  ];
}

function onSecrets({ secrets }: Names): Attempt[] {
  return Object.entries(secrets).flatMap(([on, SecretId]) => {
    const attempt = (operation: string, body: object = {}): Attempt => ({
      title: `secretsmanager:${operation} on ${on}`,
      call: secretsManager(operation, { SecretId, ...body }),
    });
    return [
      { ...attempt("GetSecretValue"), grant: ["secretsmanager:GetSecretValue", on as Target] as const },
      attempt("DescribeSecret"),
      attempt("PutSecretValue", { SecretString: "known" }),
      attempt("DeleteSecret"),
    ];
  });
}

function asAdministrator({ role, function: name, logGroup }: Names): Attempt[] {
  const all = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const iam = (Action: string, parameters: Record<string, string>): Attempt => ({
    title: `iam:${Action}`,
    call: query("iam", { Action, ...parameters }),
  });
  return [
    iam("PutRolePolicy", { RoleName: role, PolicyName: "All", PolicyDocument: JSON.stringify(all) }),
    iam("AttachRolePolicy", { RoleName: role, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
    iam("CreateUser", { UserName: "nobody" }),
    {
      title: "sts:AssumeRole of another route's role",
      call: query("sts", {
        Action: "AssumeRole",
        RoleArn: `arn:aws:iam::000000000000:role/${role}`,
        RoleSessionName: "nobody",
      }),
    },
    { title: "dynamodb:ListTables", call: dynamoDb("ListTables", {}) },
    { title: "dynamodb:CreateTable", call: dynamoDb("CreateTable", { TableName: "nobody" }) },
    { title: "secretsmanager:ListSecrets", call: secretsManager("ListSecrets", {}) },
    {
      title: "lambda:InvokeFunction of another route",
      call: rest("lambda", "POST", `/2015-03-31/functions/${name}/invocations`, "{}"),
    },
    {
      title: "lambda:UpdateFunctionConfiguration of another route",
      call: rest("lambda", "PUT", `/2015-03-31/functions/${name}/configuration`, "{}"),
    },
    {
      title: "logs:CreateLogStream in another route's log",
      call: logs("CreateLogStream", { logGroupName: logGroup, logStreamName: "nobody" }),
    },
  ];
}

export type Verdict = "allowed" | "denied";

/** Returns whether the call was allowed, or an unexpected response as it is. */
export function verdict({ status, text }: CallResult): Verdict | string {
  if (/AccessDenied/.test(text)) return "denied";
  // Allowed calls find no row and no connection.
  const isAllowed = status < 300 || status === 410 || text.includes("ConditionalCheckFailedException");
  return isAllowed ? "allowed" : `${status} ${text}`;
}
