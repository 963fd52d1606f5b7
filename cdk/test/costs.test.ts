// Recomputes the monthly cost of an open page in docs/costs.md from that document's figures for a ping.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { routes } from "../routes/index.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/costs.md"), "utf8");
const numbers = (cells: string) => cells.split(" | ").map((cell) => Number(cell.replaceAll(",", "")));
const row = (name: string) => new RegExp(`^\\| ${name} \\| (.+) \\|$`, "m").exec(document)?.[1] ?? "";

const minutes = 30 * 24 * 60;
const pings = minutes / 2;
const memory = routes.find(({ name }) => name === "ping")?.memory ?? 0;
const [writes = 0, reads = 0, , , posts = 0] = numbers(row("`ping`, in one room"));

const amounts: Record<string, number> = {
  "connection minutes": minutes,
  "messages: `ping` and `pong`": pings * (1 + posts),
  invocations: pings,
  [`GB-seconds, 50 ms each with ${memory} MB`]: (pings * 0.05 * memory) / 1024,
  "write units": pings * writes,
  "read units": pings * reads,
};

test("an open page costs what docs/costs.md says", () => {
  let total = 0;
  for (const [name, amount] of Object.entries(amounts)) {
    const [count, price = 0, dollars] = numbers(row(name));
    expect(count, name).toBe(Math.round(amount));
    expect(dollars, name).toBeCloseTo((amount * price) / 1e6, 3);
    total += (amount * price) / 1e6;
  }
  expect(Number(/^\| together \| \| \| ([\d.]+) \|$/m.exec(document)?.[1])).toBeCloseTo(total, 3);
});
