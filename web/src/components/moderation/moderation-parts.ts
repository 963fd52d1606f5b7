// What moderators do: to people, to the room, and what was done.
export { PersonMenu } from "./person-menu.tsx";
export { RoomTools } from "./room-tools.tsx";
