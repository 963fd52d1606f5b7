import { until } from "../scenarios/until.ts";

const LIMIT_MS = 120_000;

/** Like `until`, for what may take as long as the server needs to give a number up. */
export const eventually = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  until(what, holds, LIMIT_MS);
