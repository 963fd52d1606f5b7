// Runs the scenarios under vitest against the stage whose addresses are in the file that PARLOR_OUTPUTS names.

import { readFileSync } from "node:fs";
import { test } from "vitest";
import { scenarios } from "./index.ts";

const path = process.env.PARLOR_OUTPUTS;
if (!path) throw new Error("Set PARLOR_OUTPUTS to an outputs.json, for instance .parlor/outputs.json of `npm start`.");
const addresses = JSON.parse(readFileSync(path, "utf8"));

for (const { name, run } of scenarios) test(name, { timeout: 60_000 }, () => run(addresses));
