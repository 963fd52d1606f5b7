// Runs scenarios with all grants in place and records how long each takes and when it first uses each grant.
import type { Route } from "../../cdk/routes/index.ts";
import type { Scenario } from "../support/scenario.ts";
import type { Cloud, GrantRef } from "./cloud.ts";
import { matches } from "./decisions.ts";

export interface Rehearsed {
  readonly scenario: Scenario;
  readonly ms: number;
  /** Milliseconds from the start of the scenario to the first use of each grant, by `key`. */
  readonly firstUse: ReadonlyMap<string, number>;
}

export const key = ({ route, index }: GrantRef) => `${route} ${index}`;

export const grantsOf = (routes: readonly Route[]): GrantRef[] =>
  routes.flatMap(({ name, grants }) => grants.map((_, index) => ({ route: name, index })));

/** Functions read a secret only once, so most scenarios do not show its use. */
const isCached = (cloud: Cloud, grant: GrantRef) => cloud.statement(grant).action === "secretsmanager:GetSecretValue";

/** Runs until a scenario that fails counts as broken: a restarting function can fail one run. */
export const ATTEMPTS = 3;

/** Runs a scenario with all grants in place until it passes. Returns when that run started, and how long it took. */
export async function pass(cloud: Cloud, scenario: Scenario): Promise<{ started: number; ms: number }> {
  for (let attempt = 1; ; attempt++) {
    const started = Date.now();
    try {
      await scenario.run(cloud.addresses);
      return { started, ms: Date.now() - started };
    } catch (cause) {
      if (attempt === ATTEMPTS)
        throw new Error(`This scenario fails with all grants in place: ${scenario.name}`, { cause });
    }
  }
}

export class Rehearsal {
  readonly #grants: readonly GrantRef[];
  /** Quick scenarios in the first group. */
  readonly #groups: readonly (readonly Scenario[])[];
  readonly #rehearsed = new Map<Scenario, Promise<Rehearsed>>();
  readonly #covered = new Set<string>();

  /** A group of scenarios runs only if the groups before it leave grants unused: put quick ones first. */
  constructor(routes: readonly Route[], ...groups: readonly (readonly Scenario[])[]) {
    const names = new Set(routes.map(({ name }) => name));
    this.#grants = grantsOf(routes);
    this.#groups = groups.map((group) => group.filter(({ routes }) => routes.some((name) => names.has(name))));
  }

  /** Runs scenarios, several clouds at a time, until one is known to use each grant, or all have run. */
  async run(clouds: readonly Cloud[]): Promise<Rehearsed[]> {
    for (const group of this.#groups) await this.#runGroup(clouds, group);
    return Promise.all(this.#rehearsed.values());
  }

  async #runGroup(clouds: readonly Cloud[], group: readonly Scenario[]): Promise<void> {
    const queue = [...group];
    const work = async (cloud: Cloud) => {
      for (let scenario = queue.shift(); scenario; scenario = queue.shift()) {
        const { routes } = scenario;
        const isNeeded = this.#grants.some(
          (grant) => routes.includes(grant.route) && !this.#covered.has(key(grant)) && !isCached(cloud, grant),
        );
        if (isNeeded) await this.rehearse(cloud, scenario);
      }
    };
    await Promise.all(clouds.map(work));
  }

  rehearse(cloud: Cloud, scenario: Scenario): Promise<Rehearsed> {
    const rehearsed = this.#rehearsed.get(scenario) ?? this.#rehearse(cloud, scenario);
    this.#rehearsed.set(scenario, rehearsed);
    return rehearsed;
  }

  async #rehearse(cloud: Cloud, scenario: Scenario): Promise<Rehearsed> {
    await cloud.decisions();
    const { started, ms } = await pass(cloud, scenario);
    const decisions = await cloud.decisions();
    const firstUse = new Map<string, number>();
    for (const grant of this.#grants) {
      const use = decisions.find((decision) => matches(decision, cloud.statement(grant)));
      if (!use) continue;
      firstUse.set(key(grant), Math.max(0, use.at - started));
      if (scenario.routes.includes(grant.route)) this.#covered.add(key(grant));
    }
    return { scenario, ms, firstUse };
  }

  /**
   * Returns the scenarios that name the grant's route in the order in which to try them: those known to use the grant,
   * quickest first, then the other rehearsed ones, then the rest.
   */
  async candidates(grant: GrantRef): Promise<Scenario[]> {
    const rehearsed = await Promise.all(this.#rehearsed.values());
    const uses = ({ firstUse }: Rehearsed) => firstUse.has(key(grant));
    const known = rehearsed
      .sort((a, b) => Number(uses(b)) - Number(uses(a)) || a.ms - b.ms)
      .map(({ scenario }) => scenario);
    return [...new Set([...known, ...this.#groups.flat()])].filter(({ routes }) => routes.includes(grant.route));
  }
}
