// Counted nouns in the page's language.

const numbers = new Intl.NumberFormat();

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${numbers.format(amount)} ${amount === 1 ? one : many}`;
}

/** "Ada", "Ada and Bo", "Ada, Bo and 2 others". */
export function names(all: readonly string[]): string {
  const [first = "", second = ""] = all;
  if (all.length <= 1) return first;
  if (all.length === 2) return `${first} and ${second}`;
  return `${first}, ${second} and ${count(all.length - 2, "other")}`;
}
