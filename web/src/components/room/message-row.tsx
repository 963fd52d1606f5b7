// One message: who, when, what; and for one's own, how far it got.
import type { Room } from "../../../../client/src/index.ts";
import type { MessageItem } from "../../text/groups.ts";
import { clockTime, fullTime } from "../../text/time.ts";
import { Avatar, hueClass } from "../avatar.tsx";
import { MessageStatus } from "./message-status.tsx";
import { MessageText } from "./message-text.tsx";

export function MessageRow({ item, room }: { item: MessageItem; room: Room }) {
  const { message, startsGroup, endsGroup } = item;
  const { from, own, at, status, text } = message;
  const classes = ["message", own ? "own" : "other", status, startsGroup && "starts-group", endsGroup && "ends-group"];
  const headShown = startsGroup && !own;
  return (
    <li class={classes.filter(Boolean).join(" ")}>
      {headShown && <Avatar person={from} />}
      <p class={headShown ? "message-head" : "visually-hidden"}>
        <bdi class={`author ${hueClass(from.userId)}`}>{own ? "You" : from.name}</bdi>{" "}
        <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
      </p>
      <p class="bubble" dir="auto" title={fullTime(at)}>
        <MessageText text={text} />
      </p>
      {own && (endsGroup || status === "failed") && <MessageStatus message={message} room={room} />}
    </li>
  );
}
