// The TypeScript client of Parlor: join rooms, send once, receive in order. No dependency at run time; runs in
// browsers and in Node (which passes its WebSocket, for instance from `ws`).

export { ParlorApi } from "./api.ts";
export { ParlorClient } from "./client.ts";
export { ParlorError, type ParlorErrorCode } from "./errors.ts";
export type {
  ErrorCode,
  MessagesPage,
  Person,
  Presence,
  Room as RoomInfo,
  RoomList,
  Session,
  Visibility,
} from "./protocol.ts";
export type { Room, RoomEvents } from "./room.ts";
export type {
  ClientOptions,
  ConnectionState,
  RoomMessage,
  WebSocketConstructor,
  WebSocketLike,
} from "./types.ts";
