// One connection to the WebSocket API, and what went over it, as signals.
import { signal } from "@preact/signals";
import { config } from "../state/config.ts";
import { formatted } from "./frames.ts";

export interface Entry {
  readonly key: number;
  readonly kind: "sent" | "received" | "note";
  readonly at: Date;
  readonly text: string;
}

/** Older entries are dropped. */
const SHOWN_ENTRIES = 200;

export const phase = signal<"closed" | "opening" | "open">("closed");
export const entries = signal<readonly Entry[]>([]);

let socket: WebSocket | undefined;
let lastKey = 0;

/** Opens a connection, as a new guest if `token` is empty. An entry tells if that fails. */
export async function connect(token: string): Promise<void> {
  phase.value = "opening";
  try {
    const { webSocketUrl } = await config();
    listen(new WebSocket(webSocketUrl, token ? ["parlor.v1", `token.${token}`] : []));
  } catch (error) {
    phase.value = "closed";
    const isRefusedToken = error instanceof DOMException && error.name === "SyntaxError";
    add("note", isRefusedToken ? "A token has no such characters." : String(error));
  }
}

export function disconnect(): void {
  socket?.close();
}

export function sendFrame(text: string): void {
  socket?.send(text);
  add("sent", formatted(text));
}

function listen(opening: WebSocket): void {
  socket = opening;
  opening.addEventListener("open", () => {
    phase.value = "open";
    add("note", "Connected.");
  });
  opening.addEventListener("message", ({ data }) => add("received", formatted(String(data))));
  opening.addEventListener("close", ({ code, reason }) => {
    // Browsers hide the status of a refused connection.
    const refused = "Could not connect. The token may be wrong or expired, or too many connections were opened.";
    add("note", phase.value === "open" ? `Closed: ${[code, reason].filter(Boolean).join(" ")}.` : refused);
    phase.value = "closed";
    socket = undefined;
  });
}

function add(kind: Entry["kind"], text: string): void {
  lastKey += 1;
  entries.value = [...entries.value, { key: lastKey, kind, at: new Date(), text }].slice(-SHOWN_ENTRIES);
}
