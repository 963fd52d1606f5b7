// Webhooks: bots as which programs outside write in a room.
import type { Person } from "../../../client/src/index.ts";

/** Nobody can write to these, and they answer nobody. */
export const isHook = ({ userId }: Person) => userId.startsWith("bot:hook.");
