// Runs the local-only scenarios under vitest. PARLOR_OUTPUTS names the file with the addresses of the local cloud.

import { test } from "vitest";
import { addresses } from "../../support/addresses.ts";
import { localScenariosOn } from "./index.ts";

for (const { name, run } of localScenariosOn(addresses)) test(name, { timeout: 60_000 }, () => run(addresses));
