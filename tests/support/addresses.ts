// The addresses of the stage under test. The variable PARLOR_OUTPUTS names the file that has them.

import { readFileSync } from "node:fs";
import type { Addresses } from "../../local/outputs.ts";

const path = process.env.PARLOR_OUTPUTS;
if (!path) throw new Error("Set PARLOR_OUTPUTS to an outputs.json. `npm start` writes .parlor/outputs.json.");
export const addresses: Addresses = JSON.parse(readFileSync(path, "utf8"));
