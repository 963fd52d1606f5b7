// What the route table's grants are on: the ARN that a role is given, and the variable by which the handler finds it.
import { Stack } from "aws-cdk-lib";
import type { WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { EdgeKey } from "./edge-key.ts";
import type { Target } from "./routes.ts";
import type { Tables } from "./tables.ts";
import type { TokenKey } from "./token-key.ts";

export interface TargetParts {
  readonly tables: Tables;
  readonly tokenKey: TokenKey;
  readonly edgeKey: EdgeKey;
  readonly webSocketStage: WebSocketStage;
  readonly callbackUrl: string;
}

export type Targets = Record<
  Target,
  { readonly arn: string; readonly variable: readonly [name: string, value: string] }
>;

export function targets({ tables, tokenKey, edgeKey, webSocketStage, callbackUrl }: TargetParts): Targets {
  const table = (table: TableV2, variable: string, index?: string) => ({
    arn: index ? `${table.tableArn}/index/${index}` : table.tableArn,
    variable: [variable, table.tableName] as const,
  });
  const connections = (method: "POST" | "DELETE") => ({
    // The `*` is the connection's id.
    arn: Stack.of(webSocketStage).formatArn({
      service: "execute-api",
      resource: webSocketStage.api.apiId,
      resourceName: `${webSocketStage.stageName}/${method}/@connections/*`,
    }),
    variable: ["CALLBACK_URL", callbackUrl] as const,
  });
  return {
    rooms: table(tables.rooms, "ROOMS_TABLE"),
    "rooms/lobby": table(tables.rooms, "ROOMS_TABLE", "lobby"),
    connections: table(tables.connections, "CONNECTIONS_TABLE"),
    messages: table(tables.messages, "MESSAGES_TABLE"),
    limits: table(tables.limits, "LIMITS_TABLE"),
    posts: connections("POST"),
    disconnects: connections("DELETE"),
    tokenKey: { arn: tokenKey.arn, variable: ["TOKEN_SECRET_ARN", tokenKey.arn] },
    edgeKey: { arn: edgeKey.arn, variable: ["EDGE_SECRET_ARN", edgeKey.arn] },
  };
}
