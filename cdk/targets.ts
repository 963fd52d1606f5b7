// The targets of the route table's grants: the ARN for the role, the keys of the rows that it may touch if a table has several
// kinds of rows, and the environment variable that tells the function where the target is.
import { Lazy, Stack } from "aws-cdk-lib";
import type { WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import type { ITableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type BedrockBot, type PlacedLexBot, profiledModel } from "./bots-setting.ts";
import type { EdgeKey } from "./edge-key.ts";
import type { Limits } from "./function-role.ts";
import { type ReviewSetting, reviewVariable } from "./review-setting.ts";
import type { Limit, Target } from "./routes/index.ts";
import type { Tables } from "./tables.ts";
import type { TokenKey } from "./token-key.ts";

export interface TargetParts {
  readonly tables: Tables;
  readonly tokenKey: TokenKey;
  readonly edgeKey: EdgeKey;
  readonly webSocketStage: WebSocketStage;
  readonly callbackUrl: string;
  readonly lexBots: readonly PlacedLexBot[];
  readonly bedrockBots: readonly BedrockBot[];
  readonly review: ReviewSetting | undefined;
  /** Returns the function of a route, once it exists. */
  readonly functionOf: (route: string) => IFunction;
}

export type Targets = Record<
  Target,
  Limits & {
    readonly arn: string;
    readonly variable: readonly [name: string, value: string];
  }
>;

export function targets(parts: TargetParts): Targets {
  const { tables, tokenKey, edgeKey, webSocketStage, callbackUrl, lexBots, bedrockBots, review, functionOf } = parts;

  const table = (table: ITableV2, variable: string, index?: string) => ({
    arn: index ? `${table.tableArn}/index/${index}` : table.tableArn,
    variable: [variable, table.tableName] as const,
  });
  const rows = (of: ITableV2, variable: string, keys: string) => ({ ...table(of, variable), keys });
  const limit = (kind: Limit) => rows(tables.limits, "LIMITS_TABLE", `${kind}#*`);
  const connections = (method: "GET" | "POST" | "DELETE") => ({
    // `*` is the connection's id.
    arn: Stack.of(webSocketStage).formatArn({
      service: "execute-api",
      resource: webSocketStage.api.apiId,
      resourceName: `${webSocketStage.stageName}/${method}/@connections/*`,
    }),
    variable: ["CALLBACK_URL", callbackUrl] as const,
  });
  const invocation = (route: string, variable: string) => ({
    arn: Lazy.string({ produce: () => functionOf(route).functionArn }),
    variable: [variable, Lazy.string({ produce: () => functionOf(route).functionName })] as const,
  });
  const functionOfBot = (name: string) => {
    const variable = `BOTS_FUNCTION_${name.toUpperCase().replaceAll("-", "_")}`;
    return [`bots/${name}`, invocation(`answer-${name}`, variable)] as const;
  };
  const ofLexBot = ({ name, botId, aliasId, localeId, region }: PlacedLexBot) => {
    const resource = { service: "lex", resource: "bot-alias", resourceName: `${botId}/${aliasId}` };
    const arn = Stack.of(webSocketStage).formatArn({ ...resource, ...(region !== undefined && { region }) });
    const place = JSON.stringify({ botId, aliasId, localeId, region });
    return [functionOfBot(name), [`lex/${name}`, { arn, variable: ["LEX_BOT", place] as const }]] as const;
  };
  // https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html: whoever uses a profile needs its model
  // in each of its Regions, too. An account has profiles, but no foundation models.
  const ofBedrockBot = ({ name, modelId, region, maxTokens, contextMessages, budgets }: BedrockBot) => {
    const model = profiledModel(modelId);
    const arn = Stack.of(webSocketStage).formatArn({
      service: "bedrock",
      resource: model ? "inference-profile" : "foundation-model",
      resourceName: modelId,
      ...(!model && { account: "" }),
      ...(region !== undefined && { region }),
    });
    const place = JSON.stringify({ modelId, region, maxTokens, contextMessages, budgets });
    const variable = ["BEDROCK_BOT", place] as const;
    const anywhere = { service: "bedrock", resource: "foundation-model", account: "", region: "*" };
    const models = model && Stack.of(webSocketStage).formatArn({ ...anywhere, resourceName: model });
    return [
      functionOfBot(name),
      [`limits/tokens/${name}`, rows(tables.limits, "LIMITS_TABLE", `tokens#${name}#*`)],
      [`bedrock/${name}`, { arn, variable }],
      ...(models ? [[`bedrock/${name}/model`, { arn: models, profile: arn, variable }] as const] : []),
    ] as const;
  };
  const reviewed = review ? reviewVariable(review) : "";
  const guardrailArn = Stack.of(webSocketStage).formatArn({
    service: "bedrock",
    resource: "guardrail",
    resourceName: review?.guardrail?.id ?? "",
  });
  return {
    rooms: table(tables.rooms, "ROOMS_TABLE"),
    "rooms/lobby": table(tables.rooms, "ROOMS_TABLE", "lobby"),
    "rooms/expiring": table(tables.rooms, "ROOMS_TABLE", "expiring"),
    "connections/own": rows(tables.connections, "CONNECTIONS_TABLE", "connection#*"),
    "connections/room": rows(tables.connections, "CONNECTIONS_TABLE", "room#*"),
    "connections/person": rows(tables.connections, "CONNECTIONS_TABLE", "user#*"),
    messages: table(tables.messages, "MESSAGES_TABLE"),
    "members/password": rows(tables.members, "MEMBERS_TABLE", "password#*"),
    "members/claims": rows(tables.members, "MEMBERS_TABLE", "claims#*"),
    "members/roster": rows(tables.members, "MEMBERS_TABLE", "members#*"),
    "members/list": rows(tables.members, "MEMBERS_TABLE", "conversations#*"),
    "members/visits": rows(tables.members, "MEMBERS_TABLE", "visits#*"),
    "members/status": rows(tables.members, "MEMBERS_TABLE", "status#*"),
    "members/audit": rows(tables.members, "MEMBERS_TABLE", "audit#*"),
    "members/addresses": rows(tables.members, "MEMBERS_TABLE", "addresses#*"),
    "members/reports": rows(tables.members, "MEMBERS_TABLE", "reports#*"),
    "members/held": rows(tables.members, "MEMBERS_TABLE", "held#*"),
    "people/person": rows(tables.people, "PEOPLE_TABLE", "person#*"),
    "people/handle": rows(tables.people, "PEOPLE_TABLE", "handle#*"),
    "people/account": rows(tables.people, "PEOPLE_TABLE", "account#*"),
    "limits/frames": limit("frames"),
    "limits/room": limit("room"),
    "limits/refusals": limit("refusals"),
    "limits/owner": limit("owner"),
    "limits/connects": limit("connects"),
    "limits/connections": limit("connections"),
    "limits/guests": limit("guests"),
    "limits/rooms": limit("rooms"),
    "limits/owned": limit("owned"),
    "limits/passwords": limit("passwords"),
    "limits/lookups": limit("lookups"),
    "limits/slow": limit("slow"),
    "limits/text": limit("text"),
    posts: connections("POST"),
    probes: connections("GET"),
    disconnects: connections("DELETE"),
    bots: invocation("answer", "BOTS_FUNCTION"),
    // Functions know them by the variable REVIEW.
    reviewer: { arn: review?.lambda ?? "", variable: ["REVIEW", reviewed] },
    guardrail: { arn: guardrailArn, variable: ["REVIEW", reviewed] },
    teller: invocation("tell-hook", "TELL_FUNCTION"),
    ...Object.fromEntries<Targets[Target]>(lexBots.flatMap((bot) => ofLexBot(bot))),
    ...Object.fromEntries<Targets[Target]>(bedrockBots.flatMap((bot) => ofBedrockBot(bot))),
    tokenKey: { arn: tokenKey.arn, variable: ["TOKEN_SECRET_ARN", tokenKey.arn] },
    edgeKey: { arn: edgeKey.arn, variable: ["EDGE_SECRET_ARN", edgeKey.arn] },
  };
}
