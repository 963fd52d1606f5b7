// Who this person is, and what the page shows of accounts, in a chunk that loads after the page.
import { lazy } from "../lazy.ts";

export const accountUi = lazy(() => import("./account-parts.ts"));
