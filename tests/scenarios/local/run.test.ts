// Runs the rare paths under vitest against the local cloud whose addresses are in the file that PARLOR_OUTPUTS names.

import { test } from "vitest";
import { addresses } from "../../support/addresses.ts";
import { localScenariosOn } from "./index.ts";

for (const { name, run } of localScenariosOn(addresses)) test(name, { timeout: 60_000 }, () => run(addresses));
