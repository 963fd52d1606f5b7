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

/** "Ada", "Ada and Bo", "Ada, Bo and 2 others". */
export function listNames(names: readonly string[]): string {
  const [first = "", second = ""] = names;
  if (names.length <= 1) return first;
  if (names.length === 2) return `${first} and ${second}`;
  return `${first}, ${second} and ${count(names.length - 2, "other")}`;
}
