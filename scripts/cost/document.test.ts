// Recomputes the monthly costs in docs/costs.md from that document's units and `prices.json`.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { routes } from "../../cdk/routes/index.ts";
import { estimate, total } from "./estimate.ts";
import { prices, regionFrom, regions, unconfirmed } from "./prices.ts";
import { fargate, ivsChat, stream, usual, withSection } from "./table.ts";
import { documentPath, row, unitsOf, unitsOfSend } from "./units.ts";

const document = readFileSync(documentPath, "utf8");

const minutes = 30 * 24 * 60;
const pings = minutes / 2;
const memory = routes.find(({ name }) => name === "ping")?.memory ?? 0;
const { writes, reads, posts } = unitsOf("`ping`, in one room");

const openPage: Record<string, [unit: string, amount: number]> = {
  "connection minutes": ["connectionMinutes", minutes],
  "messages: `ping` and `pong`": ["webSocketMessages", pings * (1 + posts)],
  invocations: ["invocations", pings],
  [`GB-seconds, 50 ms each with ${memory} MB`]: ["gigabyteSeconds", (pings * 0.05 * memory) / 1024],
  "write units": ["writeUnits", pings * writes],
  "read units": ["readUnits", pings * reads],
};

test("an open page costs what docs/costs.md says", () => {
  let sum = 0;
  for (const [name, [unit, amount]] of Object.entries(openPage)) {
    const [count, price = 0, dollars] = row(name);
    expect(count, name).toBe(Math.round(amount));
    expect(price, name).toBe(prices[unit]?.["us-east-1"]);
    expect(dollars, name).toBeCloseTo((amount * price) / 1e6, 3);
    sum += (amount * price) / 1e6;
  }
  expect(Number(/^\| together \| \| \| ([\d.]+) \|$/m.exec(document)?.[1])).toBeCloseTo(sum, 3);
});

test("the table of monthly costs in docs/costs.md is the one that `npm run cost -- --write` writes", () => {
  expect(withSection(document)).toBe(document);
});

test("every price has AWS's page and a value in each Region, and the unconfirmed ones exist", () => {
  for (const [unit, listed] of Object.entries(prices)) {
    expect(listed.page, unit).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z-]+\/pricing\//);
    for (const region of regions) expect(listed[region], `${unit} in ${region}`).toBeGreaterThan(0);
  }
  for (const region of regions) expect(Object.keys(prices)).toEqual(expect.arrayContaining([...unconfirmed(region)]));
  expect(() => regionFrom("eu-west-1")).toThrow("choose us-east-1 or eu-central-1");
});

test("a month in which nobody comes is the sweep, the secrets and the monitoring", () => {
  const idle = estimate({ ...usual, people: 0 });
  const units = ["monitoring", "secrets", "gigabyteSeconds", "readUnits", "logGigabytes", "invocations"];
  expect(idle.map(({ unit }) => unit).sort()).toEqual(units.sort());
  const bare = estimate({ ...usual, people: 0, monitored: false, keepsData: false });
  expect(total(idle) - total(bare)).toBeCloseTo(8.7, 2);
  expect(total(bare)).toBeLessThan(1);
});

test("a message's units are those of the measured room sizes, and in proportion between them", () => {
  for (const size of [2, 20, 100]) expect(unitsOfSend(size)).toEqual(unitsOf(`\`send\`, ${size} people`));
  const [small, large] = [unitsOfSend(100), unitsOfSend(1_000)];
  expect(unitsOfSend(550).reads).toBe((small.reads + large.reads) / 2);
  expect(unitsOfSend(1).reads).toBe(unitsOfSend(2).reads);
});

test("posts and their bytes grow with the room, and nothing else of a message but the read of its audience", () => {
  const of = (roomSize: number, unit: string) =>
    estimate({ ...usual, roomSize, people: 1_000 }).find((item) => item.unit === unit)?.amount ?? 0;
  expect(of(100, "webSocketMessages")).toBeGreaterThan(4 * of(20, "webSocketMessages"));
  expect(of(100, "connectionMinutes")).toBe(of(20, "connectionMinutes"));
});

test("others cost what their prices say", () => {
  expect(ivsChat({ ...usual, people: 1, messagesPerDay: 1, roomSize: 10 })).toBeCloseTo(
    (30 * 0.56 + 300 * 0.008) / 1000,
  );
  expect([0, 10_000, 10_001].map((people) => stream({ ...usual, people }))).toEqual([0, 499, undefined]);
  expect(fargate("us-east-1")).toBeCloseTo(720 * (0.03238 + 2 * 0.00356 + 0.0225 + 3 * 0.005));
});
