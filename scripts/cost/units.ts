// What each operation takes, read from the table in docs/costs.md, which `cargo test --workspace --test costs` checks.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const documentPath = join(import.meta.dirname, "../../docs/costs.md");

export interface Units {
  readonly writes: number;
  readonly reads: number;
  readonly posts: number;
}

/** Returns the cells of the row of this name as numbers, `NaN` for text. */
export function row(name: string, document = readFileSync(documentPath, "utf8")): number[] {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const cells = new RegExp(`^\\| ${escaped} \\| (.+) \\|$`, "m").exec(document)?.[1];
  if (cells === undefined) throw new Error(`docs/costs.md has no row "${name}".`);
  return cells.split(" | ").map((cell) => Number(cell.replaceAll(",", "")));
}

/** Returns what an operation takes. */
export function unitsOf(operation: string): Units {
  const [writes = 0, reads = 0, , , posts = 0] = row(operation);
  return { writes, reads, posts };
}

const measured = [
  [2, "`send`, 2 people"],
  [20, "`send`, 20 people"],
  [100, "`send`, 100 people"],
  [1000, "`send`, 1,000 people, as many as a room holds"],
] as const;

/** Returns what a message to a room of this many people takes: between two measured sizes, in proportion. */
export function unitsOfSend(people: number): Units {
  const points = measured.map(([size, operation]) => ({ size, ...unitsOf(operation) }));
  const above = points.find(({ size }) => size >= people) ?? points.at(-1);
  const below = points.findLast(({ size }) => size <= people) ?? points[0];
  if (!above || !below) throw new Error("docs/costs.md has no row of a send.");
  const share = above.size === below.size ? 0 : (people - below.size) / (above.size - below.size);
  const between = (of: (units: Units) => number) => of(below) + share * (of(above) - of(below));
  return { writes: between((u) => u.writes), reads: between((u) => u.reads), posts: people + 1 };
}
