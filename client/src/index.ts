// The TypeScript client of Parlor: join rooms, send each message once, receive in order. No runtime dependencies. Runs in
// browsers and in Node, where `ClientOptions.WebSocket` can pass an implementation such as `ws`.

export { ParlorApi } from "./api.ts";
export { ParlorClient } from "./client.ts";
export { ParlorError, type ParlorErrorCode } from "./errors.ts";
export { isConversation, newId } from "./ids.ts";
export type { Mentions } from "./mentions.ts";
export type {
  AuditEntry,
  AuditKind,
  Change,
  ChangeKind,
  Conversation,
  ConversationKind,
  ConversationList,
  ConversationUpdate,
  ErrorCode,
  Export,
  HistoryAccess,
  LatestMessage,
  LogEvent,
  LogPage,
  Me,
  Member,
  Message,
  Moderation,
  ModerationState,
  NewConversation,
  NewRoom,
  Notice,
  NoticeKind,
  Permission,
  Person,
  PersonStatus,
  Position,
  Presence,
  Profile,
  QuickReply,
  Reaction,
  Restriction,
  Role,
  RoomInfo,
  RoomList,
  RoomPass,
  RoomRules,
  RoomUpdate,
  Session,
  Visibility,
} from "./protocol.ts";
export { limits } from "./protocol.ts";
export type { Room } from "./room.ts";
export type {
  ClientEvents,
  ClientOptions,
  ConnectionState,
  ConversationsEvents,
  Delivery,
  GetToken,
  JoinOptions,
  LeaveReason,
  LogPosition,
  MessageRef,
  RoomEvents,
  RoomMessage,
  SendOptions,
  TokenRequest,
  WebSocketConstructor,
  WebSocketLike,
} from "./types.ts";
