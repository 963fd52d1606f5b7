// The DynamoDB tables. `handlers/chat/src/store` reads and writes them.
import { RemovalPolicy } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  type ITableV2,
  ProjectionType,
  type TablePropsV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { acknowledgeFinding } from "./cdk-nag.ts";
import type { Stage } from "./stages.ts";
import type { TableNames } from "./table-names.ts";

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });

export class Tables extends Construct {
  /** Each room's and conversation's settings, epoch, latest number, activity and expiry; tombstones. */
  readonly rooms: ITableV2;
  /** One row per connection, one among its person's, and one for each room that it has joined. */
  readonly connections: ITableV2;
  /** Each log, the marker rows of idempotency keys, and `remains`. */
  readonly messages: ITableV2;
  /**
   * Of rooms: the hash of the password, and who has seats and names. Of conversations: their members. Of each person: their
   * conversations with whom they block, and the rooms that they have been in.
   */
  readonly members: ITableV2;
  /** Handles and whose they are, and which person an account is. */
  readonly people: ITableV2;
  /** Token buckets, and the rooms that a person owns. */
  readonly limits: ITableV2;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const add = (name: string, props: TablePropsV2, lossReason?: string) => {
      const table = new TableV2(this, name, {
        timeToLiveAttribute: "ttl",
        deletionProtection: !lossReason,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: !lossReason },
        removalPolicy: lossReason ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
        ...props,
      });
      if (lossReason) acknowledgeFinding(table, "AwsSolutions-DDB3", lossReason);
      // The class does not satisfy its own interface under `exactOptionalPropertyTypes`.
      return table as ITableV2;
    };
    const lossReason = stage.keepsData ? undefined : "This stage does not keep its data. Stages that do have recovery.";
    // A restored table belongs to no stack: the deployment neither changes nor deletes it.
    const table = (name: string, key: keyof TableNames, props: TablePropsV2) =>
      stage.tables ? TableV2.fromTableName(this, name, stage.tables[key]) : add(name, props, lossReason);

    this.rooms = table("Rooms", "rooms", {
      partitionKey: text("roomId"),
      globalSecondaryIndexes: [
        {
          indexName: "lobby",
          partitionKey: text("lobbyShard"),
          sortKey: text("lobbyRank"),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ["name", "topic", "createdAt", "expiresAt"],
        },
        {
          indexName: "expiring",
          partitionKey: text("sweepQueue"),
          sortKey: { name: "sweepAt", type: AttributeType.NUMBER },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.connections = add(
      "Connections",
      { partitionKey: text("channel"), sortKey: text("connectionId") },
      "If it is lost, clients join again. No backup should record who was in which room.",
    );
    this.messages = table("Messages", "messages", { partitionKey: text("roomId"), sortKey: text("sk") });
    this.members = table("Members", "members", { partitionKey: text("scope"), sortKey: text("key") });
    this.people = table("People", "people", { partitionKey: text("key") });
    this.limits = add(
      "Limits",
      { partitionKey: text("limitId") },
      "If it is lost, all limits start anew. It contains people's addresses, which should not be kept.",
    );
  }
}
