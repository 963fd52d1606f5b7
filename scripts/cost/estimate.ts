// Estimates what a month costs: measured units × public prices.
import { routes } from "../../cdk/routes/index.ts";
import { priceOf, type Region } from "./prices.ts";
import { row, type Units, unitsOf, unitsOfSend } from "./units.ts";

export interface Usage {
  /** Who come in a month. Everyone comes every day. */
  readonly people: number;
  /** Of each person. */
  readonly messagesPerDay: number;
  /** Everyone of a room is there at the same time, which costs the most. */
  readonly roomSize: number;
  /** How long a person's page is open. */
  readonly hoursPerDay: number;
  readonly region: Region;
  /** Whether the stage has the setting `monitoring`. */
  readonly monitored: boolean;
  /** Whether the stage has the setting `keepsData`. */
  readonly keepsData: boolean;
}

/** One line of an estimate. */
export interface Item {
  readonly unit: string;
  readonly amount: number;
  readonly dollars: number;
}

export const DAYS = 30;
/** A page pings every two minutes, and reconnects after two hours, the longest that API Gateway keeps a connection. */
const PINGS_PER_HOUR = 30;
const HOURS_PER_CONNECTION = 2;
/** A page says that somebody is typing at most every three seconds. An estimate. */
const TYPINGS_PER_MESSAGE = 2;
/** How long an invocation takes, in seconds: estimates, as docs/costs.md has them; a post takes 0.3 ms of 1,024 MB. */
const SECONDS = 0.05;
const SECONDS_PER_POST = 0.0003;
const SWEEP_SECONDS = 0.02;
/** The sweep's empty queries, 0.5 read units each. */
const SWEEP_READS = 4;
/** Bytes, estimated: a frame of a short message; the page over the wire; an invocation's own log line and Lambda's three. */
const POST_BYTES = 500;
const PAGE_BYTES = 90_000;
const LOG_BYTES = 600;
/** A message and its marker in the table, with their keys and DynamoDB's overhead of 100 bytes each. */
const STORED_BYTES = 800;
/** Requests of a page load: six files and four calls of the API (settings, token, lobby, room). */
const FILES = 6;
const API_CALLS = 4;
const GIGABYTE = 1024 ** 3;

const memoryOf = (route: string) => (routes.find(({ name }) => name === route)?.memory ?? 1024) / 1024;

/** An operation of a room of 20 people, in a room of another size: one post more or less for each person. */
const resized = (units: Units, people: number): Units => ({ ...units, posts: Math.max(1, units.posts + people - 20) });

/** Returns the items of a month, the largest first, without those that cost nothing. */
export function estimate(usage: Usage): Item[] {
  const { people, messagesPerDay, roomSize, hoursPerDay, region } = usage;
  const amounts = new Map<string, number>();
  const add = (unit: string, amount: number) => amounts.set(unit, (amounts.get(unit) ?? 0) + amount);

  const runs = (route: string, times: number, seconds: number) => {
    add("invocations", times);
    add("gigabyteSeconds", times * seconds * memoryOf(route));
    add("logGigabytes", (times * LOG_BYTES) / GIGABYTE);
  };
  const operations = (route: string, times: number, { writes, reads, posts }: Units, frames = 1) => {
    runs(route, times, SECONDS + posts * SECONDS_PER_POST);
    add("writeUnits", times * writes);
    add("readUnits", times * reads);
    add("webSocketMessages", times * (frames + posts));
    add("edgeGigabytes", (times * posts * POST_BYTES) / GIGABYTE);
  };

  const personDays = people * DAYS;
  const messages = personDays * messagesPerDay;
  const roomDays = Math.ceil(people / roomSize) * DAYS;
  operations("send", messages, unitsOfSend(roomSize));
  // Above 100 people, nobody is told who is typing.
  if (roomSize > 1 && roomSize <= 100) {
    operations("typing", messages * TYPINGS_PER_MESSAGE, resized(unitsOf("`typing`, 20 people"), roomSize));
  }
  // The first message in a minute moves a public room in the lobby's index.
  const moves = Math.min(messages, roomDays * hoursPerDay * 60);
  add(
    "writeUnits",
    moves * (unitsOf("`send`, the first in a minute, public room of 20 people").writes - unitsOfSend(20).writes),
  );
  // In the end, every message is deleted with its room, and its marker.
  add("writeUnits", messages * (unitsOf("clearing a room of 20 people and 50 messages").writes / 50));

  operations("ping", personDays * hoursPerDay * PINGS_PER_HOUR, unitsOf("`ping`, in one room"));
  const connections = personDays * Math.max(hoursPerDay > 0 ? 1 : 0, Math.ceil(hoursPerDay / HOURS_PER_CONNECTION));
  runs("authorize", connections, SECONDS);
  operations("connect", connections, unitsOf("connecting with a token"), 0);
  // The rates of its person and its address.
  add("writeUnits", connections * 2);
  // The person's conversations, and whom they block: none.
  for (const route of ["list-conversations", "list-blocks"]) {
    runs(route, connections, SECONDS);
    for (const unit of ["httpRequests", "edgeRequests", "edgeFunctions", "readUnits", "writeUnits"])
      add(unit, connections);
  }
  operations("join", connections, resized(unitsOf("`join`, 20 people and 50 short messages there"), roomSize));
  operations(
    "disconnect",
    connections,
    resized(unitsOf("disconnecting, from one room, 19 people remain"), roomSize),
    0,
  );
  add("connectionMinutes", personDays * hoursPerDay * 60);

  const loads = hoursPerDay > 0 ? personDays : 0;
  runs("get-room", loads * API_CALLS, SECONDS);
  add("httpRequests", loads * API_CALLS);
  add(
    "readUnits",
    loads *
      (unitsOf("a page of the lobby: 20 rooms of 2 people").reads + unitsOf("describing a room of 20 people").reads),
  );
  add("writeUnits", loads);
  add("edgeRequests", loads * (FILES + API_CALLS) + connections);
  add("edgeFunctions", loads * (FILES + API_CALLS) + connections);
  add("edgeGigabytes", (loads * PAGE_BYTES) / GIGABYTE);

  const sweeps = DAYS * 24 * 60;
  runs("sweep", sweeps, SWEEP_SECONDS);
  add("readUnits", sweeps * SWEEP_READS);
  add("secrets", 2);
  const stored = (messages * STORED_BYTES) / GIGABYTE;
  add("tableGigabytes", stored);
  if (usage.keepsData) add("recoveryGigabytes", stored);

  const items = [...amounts].map(([unit, amount]) => ({ unit, amount, dollars: priceOf(unit, amount, region) }));
  // CloudWatch's prices of metrics, alarms and dashboards are the same in both Regions.
  if (usage.monitored) items.push({ unit: "monitoring", amount: 1, dollars: monitoring() });
  return items.filter(({ dollars }) => dollars > 0).sort((a, b) => b.dollars - a.dollars);
}

/** What the metrics, alarms and the dashboard cost, as docs/costs.md adds them up. */
const monitoring = () =>
  ["the functions' own metrics", "metrics that alarms watch", "dashboard"]
    .map((name) => row(name).at(-1) ?? 0)
    .reduce((sum, dollars) => sum + dollars, 0);

export const total = (items: readonly Item[]) => items.reduce((sum, { dollars }) => sum + dollars, 0);
