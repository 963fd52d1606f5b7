// What a stage can do without (setting `without`): the routes of each capability. A route in none of them is in every stage.

/** Reports are read and resolved by moderators, so a stage without moderation has no reports either. */
export const capabilities = {
  moderation: ["moderate", "get-moderation", "report", "list-reports", "list-held"],
  reports: ["report", "list-reports"],
  webhooks: ["create-hook", "post-hook", "tell-hook"],
} as const;

export type Capability = keyof typeof capabilities;

/** Whether a stage without these has the route. */
export const isIncluded = (route: string, without: readonly Capability[] = []): boolean =>
  !without.some((capability) => capabilities[capability].some((name) => name === route));

/** Returns everything that a stage without these lacks. */
export const leftOut = (without: readonly Capability[] = []): Capability[] =>
  (Object.keys(capabilities) as Capability[]).filter((capability) =>
    capabilities[capability].every((route) => !isIncluded(route, without)),
  );

/** Returns what is wrong with the setting, if anything. */
export function withoutProblem(without: readonly string[]): string | undefined {
  const unknown = without.find((name) => !Object.hasOwn(capabilities, name));
  if (unknown === undefined) return undefined;
  return `without contains "${unknown}", but must contain only ${Object.keys(capabilities).join(", ")}.`;
}
