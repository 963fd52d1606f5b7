// The forms in which a product's name appears, and which names can be used in all of them.
import { Failure } from "../../local/failure.ts";

/** The name in each form that the code needs. */
export interface Names {
  /** For people: `Blue Harbour`. */
  readonly display: string;
  /** For stacks, packages, crates, folders and stored keys: `blue-harbour`. */
  readonly kebab: string;
  /** For Rust paths: `blue_harbour`. */
  readonly snake: string;
  /** For types: `BlueHarbour`. */
  readonly pascal: string;
  /** For environment variables: `BLUE_HARBOUR`. */
  readonly upper: string;
}

/** The name that this repository was published under. */
export const ORIGINAL = "Parlor";

/** The name is a reserved name of a person, who has at most 32 characters, and CloudFront functions are named after the stack, in 64. */
const LONGEST = 24;

/**
 * Returns the forms of a name.
 *
 * Throws a `Failure` unless it has 2 to 24 ASCII letters and digits, in words that each start with a letter and are
 * separated by one space or hyphen.
 */
export function namesOf(display: string): Names {
  if (
    display.length < 2 ||
    display.length > LONGEST ||
    !/^[A-Za-z][A-Za-z0-9]*([ -][A-Za-z][A-Za-z0-9]*)*$/.test(display)
  ) {
    throw new Failure(
      `"${display}" cannot name crates, stacks and variables: choose 2 to ${LONGEST} ASCII letters and digits, in words that start with a letter and are separated by one space or hyphen.`,
    );
  }
  if (display.toLowerCase().includes(ORIGINAL.toLowerCase())) {
    throw new Failure(`"${display}" contains ${ORIGINAL}, the name that is to be replaced: choose another name.`);
  }
  const words = display.split(/[ -]/);
  const lower = words.map((word) => word.toLowerCase());
  return {
    display,
    kebab: lower.join("-"),
    snake: lower.join("_"),
    pascal: words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(""),
    upper: lower.join("_").toUpperCase(),
  };
}

/** Suffixes of crates and types that start with the product's name. */
const crates = ["bench-posts", "chat", "fuzz", "lambda", "model", "protocol"];
const types = ["Api", "Client", "Error", "ErrorCode", "Stack"];

/** Throws a `Failure` if the name, as a crate, a type or a word that the tests use, has another meaning in these texts. */
export function requireUnused({ display, kebab, pascal }: Names, texts: Iterable<string>): void {
  const word = (text: string) => new RegExp(`(?<![\\w-])${text}(?![\\w-])`);
  const taken = [...crates.map((crate) => word(`${kebab}-${crate}`)), ...types.map((type) => word(`${pascal}${type}`))];
  // People and rooms of the tests, and reserved names.
  taken.push(new RegExp(`["'\`]${display}["'\`]`, "i"));
  for (const text of texts) {
    const found = taken.map((pattern) => text.match(pattern)?.[0]).find(Boolean);
    if (found)
      throw new Failure(
        `"${display}" cannot be the name, because the code already uses ${found}: choose another name.`,
      );
  }
}
