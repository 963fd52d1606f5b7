import { GIVEN_UP_MS, until } from "../scenarios/until.ts";

/** Like `until`, for what may take as long as the server needs to give a number up. */
export const eventually = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  until(what, holds, GIVEN_UP_MS);
