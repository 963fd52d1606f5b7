// How many rooms somebody owns: those that are over do not count.

import { localScenario } from "./scene.ts";

export const scenarios = [
  localScenario(
    "Who has owned many rooms, all of them over, may make another",
    ["create-room"],
    async (stage, scene) => {
      const owner = await stage.guest("Owner");
      await scene.ownedOnce(owner.userId, 50);
      await stage.roomOf(owner);
    },
  ),
];
