// The addresses of the stage under test, from the file that PARLOR_OUTPUTS names.

import { readFileSync } from "node:fs";
import type { Addresses } from "../../local/outputs.ts";

const path = process.env.PARLOR_OUTPUTS;
if (!path) throw new Error("Set PARLOR_OUTPUTS to an outputs.json, for instance .parlor/outputs.json of `npm start`.");
export const addresses: Addresses = JSON.parse(readFileSync(path, "utf8"));
