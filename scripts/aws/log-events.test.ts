import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CloudWatchLogsClient as Client } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { durationFrom, readLines, unseen } from "./log-events.ts";

/** A client that answers requests for a group with these pages of lines, each with its time and a page token. */
function fakeLogs(pages: Record<string, number[][]>): CloudWatchLogsClient {
  const client = new Client({ region: "eu-central-1" });
  client.send = async (command: { input: { logGroupName: string; nextToken?: string } }) => {
    const { logGroupName, nextToken = "0" } = command.input;
    const at = Number(nextToken);
    const events = (pages[logGroupName]?.[at] ?? []).map((timestamp) => ({
      timestamp,
      eventId: `${logGroupName} ${timestamp}`,
      message: `${timestamp}\n`,
    }));
    return { events, ...(pages[logGroupName]?.[at + 1] && { nextToken: String(at + 1) }) };
  };
  return client;
}

test("lines of all groups and pages come in the order of time, with where they are from", async () => {
  const client = fakeLogs({ a: [[1, 5], [], [9]], b: [[2, 7]] });
  const lines = await readLines(
    client,
    new Map([
      ["send", "a"],
      ["join", "b"],
    ]),
    0,
  );
  expect(lines.map(({ source, text }) => `${source} ${text}`)).toEqual([
    "send 1",
    "join 2",
    "send 5",
    "join 7",
    "send 9",
  ]);
});

test("too many lines are refused with what to do", async () => {
  const client = fakeLogs({ a: [Array.from({ length: 20_001 }, (_, at) => at)] });
  await expect(readLines(client, new Map([["send", "a"]]), 0)).rejects.toThrow("choose a shorter --since");
});

test("following shows a line once, also if it comes late", async () => {
  const onlyNew = unseen();
  const read = (pages: number[][]) => readLines(fakeLogs({ a: pages }), new Map([["send", "a"]]), 0);
  const shown = async (pages: number[][], since: number) => onlyNew(await read(pages), since).map(({ at }) => at);
  expect(await shown([[10, 30]], 0)).toEqual([10, 30]);
  expect(await shown([[10, 20, 30]], 5)).toEqual([20]);
  expect(await shown([[30, 40]], 25)).toEqual([40]);
});

test.each([
  ["90s", 90_000],
  ["15m", 900_000],
  ["1h", 3_600_000],
  ["2d", 172_800_000],
])("%s is a time", (text, ms) => {
  expect(durationFrom(text)).toBe(ms);
});

test.each(["", "0m", "1", "h", "1w", "-1h", "1.5h"])("%j is not a time", (text) => {
  expect(() => durationFrom(text)).toThrow("write 90s, 15m, 1h or 2d");
});
