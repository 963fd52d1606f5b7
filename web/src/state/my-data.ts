// Everything about this person: as a file, and deleted.
import { type Export, type Message, ParlorApi } from "../../../client/src/index.ts";
import { itemKeys, removeItem, saveItem } from "../browser/storage.ts";
import { config } from "./config.ts";
import { getToken } from "./identity.ts";
import { storedAccount } from "./known-account.ts";
import { discard, outbox, reloadOutbox } from "./outbox.ts";
import { startAnew } from "./start-anew.ts";

/** Returns it as JSON. Tells how many messages have come so far. Rejects with a ParlorError, or if `signal` is aborted. */
export async function exportData(signal: AbortSignal, onProgress: (messages: number) => void): Promise<string> {
  const api = await ownApi();
  const messages: Message[] = [];
  let first: Export | undefined;
  let cursor: string | undefined;
  do {
    const page: Export = await api.exportMe(cursor === undefined ? {} : { cursor });
    signal.throwIfAborted();
    first ??= page;
    messages.push(...page.messages);
    cursor = page.cursor;
    onProgress(messages.length);
  } while (cursor !== undefined);
  const { me, blocks, memberships, visited } = first;
  return `${JSON.stringify({ me, blocks, memberships, visited, messages }, null, 2)}\n`;
}

/** Deletes it here and on the server. All tabs then begin as a new guest. Rejects with a ParlorError: repeating it goes on. */
export async function eraseData({ messages }: { messages: boolean }): Promise<void> {
  await (await ownApi()).eraseMe({ messages });
  const known = storedAccount();
  const { signIn: settings } = await config();
  const end =
    known &&
    settings &&
    (await import("./open-id.ts").then(({ endSession }) => endSession(settings, known)).catch(() => undefined));
  for (const { id } of outbox.peek()) discard(id);
  // Its answer comes after what was discarded.
  await reloadOutbox();
  for (const key of itemKeys("")) removeItem(key);
  saveItem("erased", Date.now());
  startAnew(end);
}

/** If a guest's token is refused, it is not the new guest whose data is meant: requests then reject with `unauthorized`. */
async function ownApi(): Promise<ParlorApi> {
  return new ParlorApi((await config()).apiUrl, async (request) =>
    request.refused !== undefined && !storedAccount() ? undefined : await getToken(request),
  );
}
