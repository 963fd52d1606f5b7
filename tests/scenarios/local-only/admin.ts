// Writes to the tables of a local cloud as its administrator: states that no client can reach, or only after a long time.
import type { Route } from "../../../cdk/routes/index.ts";
import { dynamoDb, rest, secretsManager, sqs, succeed } from "../../../local/calls.ts";
import { type Instance, instance } from "../../../local/instance.ts";
import { physicalId, type Resource, stackResources } from "../../../local/resources.ts";
import { type Scenario, scenario } from "../../support/scenario.ts";
import type { Stage } from "../../support/stage.ts";

const MINUTE = 60_000;
const CONCURRENT_CALLS = 25;
/** The id of a connection that is gone. */
const GONE = "person-is-gone";

export function localScenario(
  name: string,
  routes: readonly string[],
  steps: (stage: Stage, admin: Admin) => Promise<void>,
): Scenario {
  return scenario(name, routes, async (stage) => steps(stage, await Admin.of(stage)));
}

export class Admin {
  readonly #at: Instance;
  readonly #resources: readonly Resource[];

  private constructor(at: Instance, resources: readonly Resource[]) {
    this.#at = at;
    this.#resources = resources;
  }

  static async of({ addresses }: Stage): Promise<Admin> {
    const at = instance(Number(new URL(addresses.apiUrl).port));
    return new Admin(at, await stackResources(at));
  }

  /** Adds an occupant whose connection is gone, and whose departure nobody was told of. */
  async addDeadOccupant(roomId: string, name: string, { leaseMs = 5 * MINUTE } = {}): Promise<void> {
    const row = {
      channel: { S: `room#${roomId}` },
      connectionId: { S: `${name}-is-gone` },
      userId: { S: `${name}-${roomId}` },
      name: { S: name },
      leaseUntil: { N: String(Date.now() + leaseMs) },
    };
    await this.#call("PutItem", "Connections", { Item: row });
  }

  /** Adds a connection of a person that is gone. It was opened long enough ago that it cannot still be opening. */
  async addDeadConnection(userId: string, connectionId = GONE): Promise<void> {
    const row = {
      channel: { S: `user#${userId}` },
      connectionId: { S: connectionId },
      userId: { S: userId },
      name: { S: "Gone" },
      leaseUntil: { N: String(Date.now() + 60 * MINUTE) },
    };
    await this.#call("PutItem", "Connections", { Item: row });
  }

  async hasDeadConnection(userId: string): Promise<boolean> {
    const Key = { channel: { S: `user#${userId}` }, connectionId: { S: GONE } };
    return (await this.#call("GetItem", "Connections", { Key, ConsistentRead: true })).Item !== undefined;
  }

  /** Adds this many dead occupants. Returns a function that removes them. */
  async addDeadOccupants(roomId: string, count: number): Promise<() => Promise<void>> {
    const names = Array.from({ length: count }, (_, n) => String(n));
    const forEach = async (change: (name: string) => Promise<unknown>) => {
      for (let n = 0; n < count; n += CONCURRENT_CALLS) {
        await Promise.all(names.slice(n, n + CONCURRENT_CALLS).map(change));
      }
    };
    await forEach((name) => this.addDeadOccupant(roomId, name));
    return () =>
      forEach((name) => {
        const Key = { channel: { S: `room#${roomId}` }, connectionId: { S: `${name}-is-gone` } };
        return this.#call("DeleteItem", "Connections", { Key });
      });
  }

  /** Counts the room's rows in Connections, whether or not their leases have ended. */
  async countOccupantRows(roomId: string): Promise<number> {
    const { Count } = await this.#call("Query", "Connections", {
      KeyConditionExpression: "channel = :channel",
      ExpressionAttributeValues: { ":channel": { S: `room#${roomId}` } },
    });
    return Count as number;
  }

  /** Returns the id of the room's only connection. */
  async connectionId(roomId: string): Promise<string> {
    const { Items } = await this.#call("Query", "Connections", {
      KeyConditionExpression: "channel = :channel",
      ExpressionAttributeValues: { ":channel": { S: `room#${roomId}` } },
    });
    const [row, ...others] = Items as { connectionId: { S: string } }[];
    if (!row || others.length > 0) throw new Error(`Room ${roomId} does not have exactly one connection.`);
    return row.connectionId.S;
  }

  /** Draws a number for a send that died 6 seconds ago: a number stays open for 5. */
  async drawForDeadSend(roomId: string): Promise<void> {
    await this.#update(roomId, "SET seq = seq + :value, seqAt = seqAt - :ago", { ":value": 1, ":ago": 6_000 });
  }

  /** Invokes a route's function asynchronously. */
  async invokeLater(route: Route["name"], event: object): Promise<void> {
    const name = physicalId(this.#resources, "AWS::Lambda::Function", `${route.replaceAll("-", "")}Function`);
    const call = rest("lambda", "POST", `/2015-03-31/functions/${name}/invocations`, JSON.stringify(event));
    await succeed(this.#at, { ...call, headers: { "x-amz-invocation-type": "Event" } });
  }

  /** Returns messages of a dead-letter queue, which others then do not get. */
  async takeDeadLetters(queue: "Unanswered" | "Untold"): Promise<string[]> {
    const QueueUrl = physicalId(this.#resources, "AWS::SQS::Queue", queue);
    const answer = await succeed(this.#at, sqs("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 }));
    const { Messages = [] } = JSON.parse(answer) as { Messages?: { Body: string }[] };
    return Messages.map(({ Body }) => Body);
  }

  /** Lets the room's time be over. */
  async endRoom(roomId: string): Promise<void> {
    await this.#update(roomId, "SET endsAt = :value, sweepAt = :value", { ":value": 1 });
  }

  /** Lets two minutes pass since the room's end, so that nobody can write to it any more. */
  async settleRoom(roomId: string): Promise<void> {
    await this.#update(roomId, "SET closedAt = closedAt - :value, sweepAt = sweepAt - :value", {
      ":value": 2 * MINUTE,
    });
    const { Items } = await this.#call("Query", "Messages", {
      KeyConditionExpression: "roomId = :remains AND begins_with(sk, :room)",
      ExpressionAttributeValues: { ":remains": { S: "remains" }, ":room": { S: `${roomId}#` } },
    });
    for (const { roomId, sk } of Items as Record<"roomId" | "sk", object>[]) {
      await this.#call("UpdateItem", "Messages", {
        Key: { roomId, sk },
        UpdateExpression: "SET #at = #at - :value",
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":value": { N: String(2 * MINUTE) } },
      });
    }
  }

  /** Writes rows, 25 at a time. */
  async putAll(table: string, rows: readonly object[]): Promise<void> {
    const TableName = physicalId(this.#resources, "AWS::DynamoDB::GlobalTable", `Tables${table}`);
    const batches = Array.from({ length: Math.ceil(rows.length / CONCURRENT_CALLS) }, (_, n) =>
      rows.slice(n * CONCURRENT_CALLS, (n + 1) * CONCURRENT_CALLS),
    );
    for (const batch of batches) {
      const RequestItems = { [TableName]: batch.map((Item) => ({ PutRequest: { Item } })) };
      await succeed(this.#at, dynamoDb("BatchWriteItem", { RequestItems }));
    }
  }

  /** Whether a queue of the sweep has a room whose id starts like this. */
  async isWaiting(queue: string, prefix: string): Promise<boolean> {
    const { Items } = await this.#call("Query", "Rooms", {
      IndexName: "expiring",
      KeyConditionExpression: "sweepQueue = :queue AND sweepAt <= :now",
      ExpressionAttributeValues: { ":queue": { S: queue }, ":now": { N: String(Date.now()) } },
    });
    return (Items as { roomId: { S: string } }[]).some(({ roomId }) => roomId.S.startsWith(prefix));
  }

  /** Starts a sweep, as the schedule does. */
  async sweep(): Promise<void> {
    const id = physicalId(this.#resources, "AWS::Lambda::Function", "sweepFunction");
    const call = rest("lambda", "POST", `/2015-03-31/functions/${id}/invocations`, "{}");
    await succeed(this.#at, { ...call, headers: { "x-amz-invocation-type": "Event" } });
  }

  /** Counts the seats and names in the room that a connection holds. */
  async countHeldClaims(roomId: string): Promise<number> {
    const { Items } = await this.#call("Query", "Members", {
      KeyConditionExpression: "#scope = :scope",
      ExpressionAttributeNames: { "#scope": "scope" },
      ExpressionAttributeValues: { ":scope": { S: `claims#${roomId}` } },
    });
    return (Items as object[]).filter((row) => "connections" in row).length;
  }

  /** Returns until when the owner of a room that ends without them may be away. */
  async ownerUntil(roomId: string): Promise<number> {
    const { Item } = await this.#call("GetItem", "Rooms", { Key: { roomId: { S: roomId } }, ConsistentRead: true });
    return Number((Item as { ownerUntil?: { N: string } }).ownerUntil?.N);
  }

  /** Returns every row that mentions a room's id, or a handle, except the buckets of rates, which end within minutes. */
  async rowsOf(mentioned: string): Promise<{ table: string; row: Record<string, object> }[]> {
    const found: { table: string; row: Record<string, object> }[] = [];
    for (const table of ["Rooms", "Connections", "Messages", "Members", "People", "Limits"]) {
      let ExclusiveStartKey: unknown;
      do {
        const page = await this.#call("Scan", table, ExclusiveStartKey ? { ExclusiveStartKey } : {});
        for (const row of page.Items as Record<string, object>[]) {
          if (JSON.stringify(row).includes(mentioned) && !("fullAt" in row)) found.push({ table, row });
        }
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
    }
    return found;
  }

  async expireRoom(roomId: string): Promise<void> {
    await this.#update(roomId, "SET expiresAt = :value", { ":value": 1 });
  }

  /** Restarts the functions of these routes, with nothing in memory. */
  async restartFunctions(routes: readonly Route[]): Promise<void> {
    for (const { name, memory } of routes) {
      const id = physicalId(this.#resources, "AWS::Lambda::Function", `${name.replaceAll("-", "")}Function`);
      // The value stays the same, but any configuration update restarts a function.
      const MemorySize = JSON.stringify({ MemorySize: memory });
      await succeed(this.#at, rest("lambda", "PUT", `/2015-03-31/functions/${id}/configuration`, MemorySize));
    }
  }

  /** Returns the key that signs guest tokens. */
  async tokenKey(): Promise<string> {
    const SecretId = physicalId(this.#resources, "AWS::SecretsManager::Secret", "TokenKey");
    return JSON.parse(await succeed(this.#at, secretsManager("GetSecretValue", { SecretId }))).SecretString;
  }

  /** Records this many rooms of an owner, none of which exists any more. */
  async addOwnedRoomsThatAreGone(userId: string, count: number): Promise<void> {
    const rooms = { SS: Array.from({ length: count }, (_, n) => `long-gone-${n}`) };
    await this.#call("PutItem", "Limits", { Item: { limitId: { S: `owned#${userId}` }, rooms } });
  }

  /** Empties a bucket for an hour. Returns a function that refills it. */
  async emptyBucket(limitId: string): Promise<() => Promise<unknown>> {
    const Key = { limitId: { S: limitId } };
    await this.#call("PutItem", "Limits", { Item: { ...Key, fullAt: { N: String(Date.now() + 60 * MINUTE) } } });
    return () => this.#call("DeleteItem", "Limits", { Key });
  }

  #update(roomId: string, UpdateExpression: string, values: Record<string, number>) {
    return this.#call("UpdateItem", "Rooms", {
      Key: { roomId: { S: roomId } },
      UpdateExpression,
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, { N: String(value) }]),
      ),
    });
  }

  async #call(operation: string, table: string, body: object): Promise<Record<string, unknown>> {
    const TableName = physicalId(this.#resources, "AWS::DynamoDB::GlobalTable", `Tables${table}`);
    return JSON.parse(await succeed(this.#at, dynamoDb(operation, { TableName, ...body })));
  }
}
