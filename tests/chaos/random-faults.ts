// Random faults and their probabilities. The same seed chooses the same faults for a connection and frame number.

import type { Direction, FaultProxy, FrameFault, OpeningFault, Rules } from "./proxy.ts";
import type { Random } from "./random.ts";

const openingFaults: Readonly<Record<OpeningFault, number>> = { refuse: 0.1, reset: 0.1 };

const frameFaults: Readonly<Record<FrameFault, number>> = {
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
  const begin = (connection: number) => {
    const lanes = { up: random.fork(), down: random.fork() };
    connections.set(connection, lanes);
    return lanes;
  };
  return {
    opening(connection) {
      // A reconnecting client also receives what its earlier connections held back.
      for (const link of proxy.links.values()) link.release();
      begin(connection);
      return random.choose(openingFaults);
    },
    frame({ connection, direction }) {
      // A connection may be older than its rules.
      return (connections.get(connection) ?? begin(connection))[direction].choose(frameFaults);
    },
  };
}
