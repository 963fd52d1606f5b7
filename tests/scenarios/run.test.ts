// Runs the scenarios under vitest against the stage whose addresses are in the file that PARLOR_OUTPUTS names.

import { test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { scenarios } from "./index.ts";

for (const { name, run } of scenarios) test(name, { timeout: 60_000 }, () => run(addresses));
