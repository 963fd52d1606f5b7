// How many rooms a person can own: rooms that are gone do not count.

import { localScenario } from "./admin.ts";

export const scenarios = [
  localScenario("A person whose 50 rooms are all gone can create another", ["create-room"], async (stage, admin) => {
    const owner = await stage.guest("Owner");
    await admin.addOwnedRoomsThatAreGone(owner.userId, 50);
    await stage.roomOf(owner);
  }),
];
