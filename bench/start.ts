// Measures the time from a function's start to its first answer, and its memory then.
//
// Each sample starts the bundle that `npm start` deployed as a new process, as Lambda does. It gets a request for a room that
// does not exist from the Runtime API, reads the local cloud's table Rooms and answers 404. There the measurement ends. That
// bundle is optimized for short builds; AWS gets a smaller one.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import request from "../local/arm64/events/create-room.json";
import { invoke } from "../local/arm64/runtime.ts";
import { cloudFormation } from "../local/clients.ts";
import type { Instance } from "../local/instance.ts";
import { type Summary, summarize } from "./summary.ts";

export const STARTS = 30;

export interface Start {
  /** Milliseconds from the start of the process to its answer. */
  readonly answered: Summary;
  /** Resident memory after the answer, in MB. */
  readonly resident: Summary;
}

export async function measureStart(at: Instance): Promise<Start> {
  const env = { ...at.env, ROUTE: "get-room", EDGE_ONLY: "false", ROOMS_TABLE: await roomsTable(at) };
  const command = [await newestBundle(join(at.folder, "cdk.out"))];
  const event = { ...request, routeKey: "GET /api/rooms/{roomId}", pathParameters: { roomId: "nowhere" } };
  const milliseconds: number[] = [];
  const residentMegabytes: number[] = [];
  for (let n = 0; n < STARTS; n++) {
    const invocation = await invoke(command, env, event, "ignore");
    milliseconds.push(invocation.milliseconds);
    residentMegabytes.push(invocation.residentMegabytes);
  }
  return { answered: summarize(milliseconds), resident: summarize(residentMegabytes) };
}

async function roomsTable(at: Instance): Promise<string> {
  const { StackResourceSummaries = [] } = await cloudFormation(at).send(
    new ListStackResourcesCommand({ StackName: "parlor-local" }),
  );
  const table = StackResourceSummaries.find(({ LogicalResourceId }) => LogicalResourceId?.startsWith("TablesRooms"));
  if (!table?.PhysicalResourceId) throw new Error("The stack parlor-local has no table Rooms");
  return table.PhysicalResourceId;
}

async function newestBundle(assembly: string): Promise<string> {
  const folders = (await readdir(assembly)).filter((name) => name.startsWith("asset."));
  const bundles = await Promise.all(
    folders.map(async (folder) => {
      const path = join(assembly, folder, "bootstrap");
      return {
        path,
        at: await stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      };
    }),
  );
  const newest = bundles.sort((a, b) => b.at - a.at)[0];
  if (!newest?.at) throw new Error(`There is no bundle in ${assembly}: start a local cloud with \`npm start\``);
  return newest.path;
}
