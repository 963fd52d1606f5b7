// `npm run generate`: generates the descriptions of the protocol from its Rust types.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { run } from "../local/processes.ts";

const files = [
  "docs/protocol/schema.json",
  "docs/protocol/openapi.json",
  "docs/protocol/asyncapi.json",
  "docs/protocol/blank.json",
  "client/src/protocol.ts",
  "handlers/protocol/src/emoji.txt",
];

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { check: { type: "boolean" } } });
  const before = await contents();
  const generator = [
    "run",
    "--quiet",
    "--locked",
    "-p",
    "parlor-protocol",
    "--features",
    "generate",
    "--bin",
    "generate",
  ];
  await run("cargo", generator);
  const after = await contents();
  const changed = files.filter((_, i) => before[i] !== after[i]);
  if (values.check && changed.length > 0) {
    await Promise.all(files.map((file, i) => writeFile(file, before[i] ?? "")));
    throw new Failure(`${changed.join(", ")} are out of date: run \`npm run generate\` and commit the result.`);
  }
  console.log(changed.length > 0 ? `Written: ${changed.join(", ")}` : "All generated files are up to date.");
}

const contents = () => Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
