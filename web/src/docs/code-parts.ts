// Splits a description at its code, which is between backticks.

export interface CodePart {
  readonly text: string;
  readonly isCode: boolean;
}

/** `"Send \`ping\`."` has three parts. A backtick without a partner is text. */
export function codeParts(description: string): CodePart[] {
  return description
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) =>
      /^`[^`]+`$/.test(part) ? { text: part.slice(1, -1), isCode: true } : { text: part, isCode: false },
    );
}
