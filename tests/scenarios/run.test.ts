// Runs the scenarios under vitest. PARLOR_OUTPUTS names the file with the addresses of the stage.

import { test } from "vitest";
import { addresses } from "../support/addresses.ts";
import { scenarios } from "./index.ts";

for (const { name, run } of scenarios) test(name, { timeout: 180_000 }, () => run(addresses));
