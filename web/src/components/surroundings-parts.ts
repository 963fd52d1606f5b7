// The contents of the panels next to the log with the drawers that take their place on narrow screens, what leaving a room in
// them shows, the warning before a room ends, and the keys.
export { LeftRoomNote } from "./nav/left-room-note.tsx";
export { EndBanner } from "./room/end-banner.tsx";
export { PeopleDrawer, PeopleList } from "./room/people.tsx";
export { RoomsDrawer, RoomsList } from "./room/rooms-list.tsx";
export { RoomKeys } from "./shortcuts/room-keys.tsx";
export { SwitcherKeys } from "./switcher/switcher-keys.tsx";
