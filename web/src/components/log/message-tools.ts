// What acts on a message, in a chunk of its own: reading and writing do not wait for it.
import { lazy } from "../lazy.ts";

export const messageTools = lazy(() => import("./message-actions.tsx"));
