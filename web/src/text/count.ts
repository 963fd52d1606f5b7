// Numbers, counted nouns and lists of names.

const numbers = new Intl.NumberFormat();

export function formatNumber(value: number): string {
  return numbers.format(value);
}

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${formatNumber(amount)} ${amount === 1 ? one : many}`;
}

export function countPeople(amount: number): string {
  return count(amount, "person", "people");
}

/** "Ada", "Ada and Bo", "Ada, Bo and 2 others", with at most `shown` names. */
export function listNames(names: readonly string[], shown = 2): string {
  const listed = names.length > shown ? [...names.slice(0, shown), count(names.length - shown, "other")] : names;
  if (listed.length <= 1) return listed.join("");
  return `${listed.slice(0, -1).join(", ")} and ${listed.at(-1)}`;
}

export function countHere(people: number): string {
  return `${countPeople(people)} here`;
}
