// What the panels next to the log show, and the drawers that take their place on narrow screens.
export { PeopleDrawer, PeopleList } from "./people.tsx";
export { RoomsDrawer, RoomsList } from "./rooms-list.tsx";
