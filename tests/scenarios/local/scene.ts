// Sets a scene in the tables of a local cloud, as its administrator: what has happened before, and cannot be waited for.
import type { Route } from "../../../cdk/routes/index.ts";
import { dynamoDb, rest, secretsManager, succeed } from "../../../local/calls.ts";
import { type Instance, instance } from "../../../local/instance.ts";
import { physicalId, type Resource, stackResources } from "../../../local/resources.ts";
import { type Scenario, scenario } from "../../support/scenario.ts";
import type { Stage } from "../../support/stage.ts";

const MINUTE = 60_000;
/** Calls beside each other. */
const AT_ONCE = 25;

export function localScenario(
  name: string,
  routes: readonly string[],
  steps: (stage: Stage, scene: Scene) => Promise<void>,
): Scenario {
  return scenario(name, routes, async (stage) => steps(stage, await Scene.of(stage)));
}

export class Scene {
  readonly #at: Instance;
  readonly #resources: readonly Resource[];

  private constructor(at: Instance, resources: readonly Resource[]) {
    this.#at = at;
    this.#resources = resources;
  }

  static async of({ addresses }: Stage): Promise<Scene> {
    const at = instance(Number(new URL(addresses.apiUrl).port));
    return new Scene(at, await stackResources(at));
  }

  /** Somebody in a room whose connection is gone, which nobody was told of. */
  async ghost(roomId: string, name: string, { leaseMs = 5 * MINUTE } = {}): Promise<void> {
    const row = {
      channel: { S: `room#${roomId}` },
      connectionId: { S: `${name}-is-gone` },
      userId: { S: `${name}-${roomId}` },
      name: { S: name },
      leaseUntil: { N: String(Date.now() + leaseMs) },
    };
    await this.#call("PutItem", "Connections", { Item: row });
  }

  /** So many connections are in a room, of people who are gone, until what this gives is called. */
  async crowd(roomId: string, count: number): Promise<() => Promise<void>> {
    const names = Array.from({ length: count }, (_, n) => String(n));
    const forEach = async (change: (name: string) => Promise<unknown>) => {
      for (let n = 0; n < count; n += AT_ONCE) await Promise.all(names.slice(n, n + AT_ONCE).map(change));
    };
    await forEach((name) => this.ghost(roomId, name));
    return () =>
      forEach((name) => {
        const Key = { channel: { S: `room#${roomId}` }, connectionId: { S: `${name}-is-gone` } };
        return this.#call("DeleteItem", "Connections", { Key });
      });
  }

  /** How many connections are in a room by their rows, whatever else is known of them. */
  async rows(roomId: string): Promise<number> {
    const { Count } = await this.#call("Query", "Connections", {
      KeyConditionExpression: "channel = :channel",
      ExpressionAttributeValues: { ":channel": { S: `room#${roomId}` } },
    });
    return Count as number;
  }

  /** A number was given out 6 seconds ago, one second longer than it stays open, and whoever drew it has died. */
  async deadSend(roomId: string): Promise<void> {
    await this.#update(roomId, "SET seq = seq + :value, seqAt = seqAt - :ago", { ":value": 1, ":ago": 6_000 });
  }

  /** The room's last day is over. */
  async expire(roomId: string): Promise<void> {
    await this.#update(roomId, "SET expiresAt = :value", { ":value": 1 });
  }

  /** The functions of these routes start anew, with nothing in memory. */
  async renew(some: readonly Route[]): Promise<void> {
    for (const { name, memory } of some) {
      const id = physicalId(this.#resources, "AWS::Lambda::Function", `${name.replaceAll("-", "")}Function`);
      // Nothing changes; but a function that was configured is started again.
      const MemorySize = JSON.stringify({ MemorySize: memory });
      await succeed(this.#at, rest("lambda", "PUT", `/2015-03-31/functions/${id}/configuration`, MemorySize));
    }
  }

  /** What guest tokens are signed with. */
  async tokenKey(): Promise<string> {
    const SecretId = physicalId(this.#resources, "AWS::SecretsManager::Secret", "TokenKey");
    return JSON.parse(await succeed(this.#at, secretsManager("GetSecretValue", { SecretId }))).SecretString;
  }

  /** Somebody has made so many rooms, of which nothing is left. */
  async ownedOnce(userId: string, count: number): Promise<void> {
    const rooms = { SS: Array.from({ length: count }, (_, n) => `long-gone-${n}`) };
    await this.#call("PutItem", "Limits", { Item: { limitId: { S: `owned#${userId}` }, rooms } });
  }

  /** Nothing is left in a bucket, for an hour or until what this gives is called. */
  async exhaust(limitId: string): Promise<() => Promise<unknown>> {
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
