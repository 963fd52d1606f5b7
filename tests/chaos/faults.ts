// What goes wrong at random, and how often. The same seed decides the same for each connection and frame by its number.

import type { Direction, FaultProxy, FrameFault, OpeningFault, Rules } from "./proxy.ts";
import type { Random } from "./random.ts";

const ofOpenings: Readonly<Record<OpeningFault, number>> = { refuse: 0.1, reset: 0.1 };

const ofFrames: Readonly<Record<FrameFault, number>> = {
  repeat: 0.01,
  delay: 0.01,
  drop: 0.003,
  cut: 0.001,
  close: 0.001,
  hold: 0.0005,
  freeze: 0.0005,
};

export function randomFaults(proxy: Pick<FaultProxy, "links">, random: Random): Rules {
  const connections = new Map<number, Record<Direction, Random>>();
  return {
    opening(connection) {
      // Who comes back meets what an earlier connection held back.
      for (const link of proxy.links.values()) link.release();
      connections.set(connection, { up: random.fork(), down: random.fork() });
      return random.choose(ofOpenings);
    },
    frame({ connection, direction }) {
      return connections.get(connection)?.[direction].choose(ofFrames);
    },
  };
}
