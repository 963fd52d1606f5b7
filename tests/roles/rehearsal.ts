// The scenarios with every grant in place: they pass, and what each makes the roles do is known afterwards.

import type { Instance } from "../../local/instance.ts";
import type { Addresses } from "../../local/outputs.ts";
import type { Scenario } from "../scenarios/index.ts";
import { type Decision, Decisions, type Granted, isAbout } from "./decisions.ts";

export interface Rehearsed {
  readonly scenario: Scenario;
  readonly ms: number;
  /** What the roles did meanwhile, for this scenario or for what the one before it left to be done. */
  readonly decisions: readonly Decision[];
}

/** The first scenario that fails, throws. */
export async function rehearse(
  at: Instance,
  addresses: Addresses,
  scenarios: readonly Scenario[],
): Promise<Rehearsed[]> {
  const decisions = await Decisions.from(at);
  const rehearsed: Rehearsed[] = [];
  for (const scenario of scenarios) {
    const started = performance.now();
    await scenario.run(addresses).catch((cause) => {
      throw new Error(`With all grants in place this fails: ${scenario.name}`, { cause });
    });
    rehearsed.push({ scenario, ms: performance.now() - started, decisions: await decisions.next() });
  }
  return rehearsed;
}

/** The scenarios that name a route: those first that need the grant, and of these the quick ones. */
export function bestFirst(rehearsed: readonly Rehearsed[], route: string, grant: Granted): Rehearsed[] {
  const needs = ({ decisions }: Rehearsed) => decisions.some((decision) => isAbout(decision, grant));
  return rehearsed
    .filter(({ scenario }) => scenario.routes.includes(route))
    .sort((a, b) => Number(needs(b)) - Number(needs(a)) || a.ms - b.ms);
}
