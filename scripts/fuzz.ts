// `npm run fuzz`: runs libFuzzer on the parsers of frames, events, cursors, tokens, keys and rows.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { buildTargets } from "./fuzz/build.ts";
import { fuzz, targets } from "./fuzz/target.ts";

export async function main(args: string[]): Promise<number> {
  const options = { target: { type: "string", multiple: true }, runs: { type: "string", default: "1000000" } } as const;
  const { values } = parseArgs({ args, options });
  const chosen = values.target ?? targets;
  const unknown = chosen.find((name) => !targets.includes(name));
  if (unknown) throw new Failure(`There is no target \`${unknown}\`: choose from ${targets.join(", ")}.`);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Failure("--runs must be a whole number above 0.");

  const folder = await buildTargets();
  console.log("target    executions    coverage     seconds");
  const queue = [...chosen];
  let total = 0;
  const work = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const { executions, coverage, seconds } = await fuzz(folder, name, runs);
      total += executions;
      const figures = [executions, coverage, seconds].map((figure) => figure.toLocaleString("en").padStart(12));
      console.log(name.padEnd(8) + figures.join(""));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  console.log(`${total.toLocaleString("en")} executions without a finding. Coverage counts control-flow edges.`);
  return 0;
}
