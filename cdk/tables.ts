// The tables. Each route's role is confined to the ones that its row in the route table names.
import { RemovalPolicy } from "aws-cdk-lib";
import { type Attribute, AttributeType, ProjectionType, type TablePropsV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import type { Stage } from "./stages.ts";

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });

export class Tables extends Construct {
  /** Settings, epoch, last number given out, activity and expiry of each room. */
  readonly rooms: TableV2;
  /** Who is where: a row per connection, and one for each room that it is in. */
  readonly connections: TableV2;
  /** Each room's log, and the markers by which a send happens once. */
  readonly messages: TableV2;
  /** What somebody has used up of what they may do in a time, and which rooms a person owns. */
  readonly limits: TableV2;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const add = (name: string, props: TablePropsV2, mayBeLost?: string) => {
      const table = new TableV2(this, name, {
        timeToLiveAttribute: "ttl",
        deletionProtection: !mayBeLost,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: !mayBeLost },
        removalPolicy: mayBeLost ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
        ...props,
      });
      if (mayBeLost) acknowledge(table, "AwsSolutions-DDB3", mayBeLost);
      return table;
    };
    const lost = stage.keepsData ? undefined : "This stage's data may be lost; stages that keep theirs have recovery.";
    const table = (name: string, props: TablePropsV2) => add(name, props, lost);

    this.rooms = table("Rooms", {
      partitionKey: text("roomId"),
      globalSecondaryIndexes: [
        {
          indexName: "lobby",
          partitionKey: text("lobbyShard"),
          sortKey: text("lobbyRank"),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ["name", "topic", "createdAt", "expiresAt"],
        },
      ],
    });
    this.connections = add(
      "Connections",
      { partitionKey: text("channel"), sortKey: text("connectionId") },
      "Whoever loses it lets everybody join again, no more; and no backup should record who was where.",
    );
    this.messages = table("Messages", { partitionKey: text("roomId"), sortKey: text("sk") });
    this.limits = add(
      "Limits",
      { partitionKey: text("limitId") },
      "Whoever loses it lets everybody begin anew, no more; and it has people's addresses, which should not be kept.",
    );
  }
}
