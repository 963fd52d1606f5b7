// What a route's function could try with its role's credentials: every action of the route table on every target, and what
// somebody would try who had taken the function over. None changes anything where it is allowed.
import type { Action, Target } from "../../cdk/routes/index.ts";
import { type Call, type CallResult, dynamoDb, logs, query, rest, secretsManager } from "../../local/calls.ts";

export interface Attempt {
  /** Like `dynamodb:Scan on rooms`. */
  readonly about: string;
  readonly call: Call;
  /** The grant that allows it. Without one, no role may. */
  readonly grant?: readonly [Action, Target];
}

/** What things are called in the stack under test. */
export interface Names {
  readonly tables: Readonly<Record<Table, string>>;
  /** The path of the WebSocket stage's own address. */
  readonly stagePath: string;
  readonly secrets: Readonly<Record<"tokenKey" | "edgeKey", string>>;
  /** Of another route. */
  readonly role: string;
  readonly function: string;
  readonly logGroup: string;
}

type Table = "rooms" | "connections" | "messages" | "limits";
type Key = Readonly<Record<string, { readonly S: string }>>;

const key = (...names: string[]): Key => Object.fromEntries(names.map((name) => [name, { S: "nobody" }]));

const keys: Record<Table, Key> = {
  rooms: key("roomId"),
  connections: key("channel", "connectionId"),
  messages: key("roomId", "sk"),
  limits: key("limitId"),
};

const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));

/** Of tables with several kinds of rows: how the keys of each begin. */
const kinds: Partial<Record<Table, Readonly<Record<string, string>>>> = {
  connections: { own: "connection", room: "room" },
  limits: same("frames", "room", "refusals", "owner", "connects", "connections", "guests", "rooms", "owned"),
};

const indexes = [["rooms", "lobby", "lobbyShard"]] as const;

export function attempts(names: Names): Attempt[] {
  return [
    ...onTables(names),
    ...onIndexes(names),
    ...onConnections(names),
    ...onSecrets(names),
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
      BatchGetItem: { RequestItems: { [TableName]: { Keys: [Key] } } },
      BatchWriteItem: { RequestItems: { [TableName]: [{ DeleteRequest: { Key } }] } },
      ExecuteStatement: { Statement: `SELECT * FROM "${TableName}"` },
      TransactWriteItems: { TransactItems: [{ ConditionCheck: { TableName, Key, ...never(partition) } }] },
      DescribeTable: {},
      UpdateTable: { DeletionProtectionEnabled: false },
      DeleteTable: {},
    };
    // Where rows have kinds, those of none are nobody's.
    const all = [...rows, [name, Key] as const];
    const mixed = {
      about: `dynamodb:TransactWriteItems on rows of each kind of ${name}`,
      // Each item is decided on by itself.
      call: dynamoDb("TransactWriteItems", {
        TransactItems: all.map(([, Key]) => ({ Update: { TableName, Key, ...never(partition) } })),
      }),
    };
    return [
      ...all.flatMap(([on, Key]) => onRow(TableName, on, Key)),
      ...(rows.length > 0 ? [mixed] : []),
      ...Object.entries(forbidden).map(([operation, body]) => {
        // These name their tables inside.
        const isNested = ["RequestItems", "Statement", "TransactItems"].some((field) => field in body);
        const call = dynamoDb(operation, isNested ? body : { TableName, ...body });
        return { about: `dynamodb:${operation} on ${name}`, call };
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
  return Object.entries(bodies).map(([operation, body]) => ({
    about: `dynamodb:${operation} on ${on}`,
    call: dynamoDb(operation, { TableName, ...body }),
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
        about: `dynamodb:Query on ${on}`,
        call: dynamoDb("Query", { ...index, ...equals(partition, "nobody") }),
        grant: ["dynamodb:Query", on as Target] as const,
      },
      { about: `dynamodb:Scan on ${on}`, call: dynamoDb("Scan", index) },
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
    about: `execute-api:ManageConnections by ${method} in ${stage === other ? "another stage" : "this stage"}`,
    call: rest("execute-api", method, `${stage}/@connections/nobody`),
  });
  return [
    { ...attempt("POST", stagePath), grant: ["execute-api:ManageConnections", "posts"] },
    attempt("GET", stagePath),
    { ...attempt("DELETE", stagePath), grant: ["execute-api:ManageConnections", "disconnects"] },
    attempt("POST", other),
    attempt("DELETE", other),
  ];
}

function onSecrets({ secrets }: Names): Attempt[] {
  return Object.entries(secrets).flatMap(([on, SecretId]) => {
    const attempt = (operation: string, body: object = {}): Attempt => ({
      about: `secretsmanager:${operation} on ${on}`,
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
    about: `iam:${Action}`,
    call: query("iam", { Action, ...parameters }),
  });
  return [
    iam("PutRolePolicy", { RoleName: role, PolicyName: "All", PolicyDocument: JSON.stringify(all) }),
    iam("AttachRolePolicy", { RoleName: role, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
    iam("CreateUser", { UserName: "nobody" }),
    {
      about: "sts:AssumeRole of another route's role",
      call: query("sts", {
        Action: "AssumeRole",
        RoleArn: `arn:aws:iam::000000000000:role/${role}`,
        RoleSessionName: "nobody",
      }),
    },
    { about: "dynamodb:ListTables", call: dynamoDb("ListTables", {}) },
    { about: "dynamodb:CreateTable", call: dynamoDb("CreateTable", { TableName: "nobody" }) },
    { about: "secretsmanager:ListSecrets", call: secretsManager("ListSecrets", {}) },
    {
      about: "lambda:InvokeFunction of another route",
      call: rest("lambda", "POST", `/2015-03-31/functions/${name}/invocations`, "{}"),
    },
    {
      about: "lambda:UpdateFunctionConfiguration of another route",
      call: rest("lambda", "PUT", `/2015-03-31/functions/${name}/configuration`, "{}"),
    },
    {
      about: "logs:CreateLogStream in another route's log",
      call: logs("CreateLogStream", { logGroupName: logGroup, logStreamName: "nobody" }),
    },
  ];
}

export type Verdict = "allowed" | "refused";

/** Whether the caller was allowed to do it; anything but a clear answer comes back as it is. */
export function verdict({ status, text }: CallResult): Verdict | string {
  if (/AccessDenied/.test(text)) return "refused";
  // What is tried meets no row and no connection.
  const isAllowed = status < 300 || status === 410 || text.includes("ConditionalCheckFailedException");
  return isAllowed ? "allowed" : `${status} ${text}`;
}
