// What a room says besides its messages: its notices, who moderates it, what it asks whoever enters, what bots write and suggest, and
// why somebody cannot write in it, is out of it or cannot enter it.
export { canModerate, standings } from "../../state/standings.ts";
export { NoticeText } from "../log/notice-text.tsx";
export { BotDraftList } from "./bot-draft-list.tsx";
export { ClosedNotice } from "./closed-notice.tsx";
export { JoinForm } from "./join-form.tsx";
export { QuickReplies } from "./quick-replies.tsx";
export { SilencedNote } from "./silenced-note.tsx";
export { SlowMode } from "./slow-mode.tsx";
export { BannedRoom, FailedRoom, GoneRoom } from "./status-pages.tsx";
