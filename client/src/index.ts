// The TypeScript client of Parlor: join rooms, send once, receive in order. No dependency at run time; runs in
// browsers and in Node (which passes its WebSocket, for instance from `ws`).

export { ParlorApi } from "./api.ts";
export { ParlorClient } from "./client.ts";
export { ParlorError, type ParlorErrorCode } from "./errors.ts";
export { newId } from "./ids.ts";
export type {
  Change,
  ChangeKind,
  ErrorCode,
  LogEvent,
  LogPage,
  Message,
  Notice,
  Person,
  Presence,
  Reaction,
  Room as RoomInfo,
  RoomList,
  RoomUpdate,
  Session,
  Visibility,
} from "./protocol.ts";
export type { LeaveReason, MessageRef, Room, RoomEvents } from "./room.ts";
export type {
  ClientOptions,
  ConnectionState,
  Delivery,
  GetToken,
  RoomMessage,
  SendOptions,
  TokenRequest,
  WebSocketConstructor,
  WebSocketLike,
} from "./types.ts";
