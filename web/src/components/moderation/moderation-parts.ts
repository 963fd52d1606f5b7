// What moderators do: to people, to the room, and what was done.
export { ModerationDialogs } from "./moderation-dialogs.tsx";
export { PersonMenu } from "./person-menu.tsx";
export { RoomTools } from "./room-tools.tsx";
