// Below the log: what bots have written so far. Only the answer that follows is announced.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { BotDrafts } from "../../../../client/src/bot-drafts.ts";
import type { Draft, Room } from "../../../../client/src/index.ts";
import { hueClass } from "../avatar.tsx";

export function BotDraftList({ room }: { room: Room }) {
  const drafts = useSignal<readonly Draft[]>([]);
  useEffect(() => {
    const current = new BotDrafts(room, () => {
      drafts.value = current.current;
    });
    return () => {
      current.stop();
      drafts.value = [];
    };
  }, [room]);
  if (drafts.value.length === 0) return null;
  return (
    <div class="bot-drafts">
      {drafts.value.map(({ seq, from, text }) => (
        <div key={`${seq} ${from.userId}`} class="bot-draft">
          <p class="message-header">
            <bdi class={`author ${hueClass(from.userId)}`}>{from.name}</bdi> <span class="tag">Bot</span> is writing
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
          </p>
          <div class="bubble" dir="auto">
            {text}
          </div>
        </div>
      ))}
    </div>
  );
}
