// The setting of a stage that says who reviews what people write (docs/review.md).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SettingError } from "./setting-error.ts";

/** Reviewers, in this order: word lists, a function, a guardrail. The first that refuses or holds a text decides. */
export interface ReviewSetting {
  /** Languages, each with a list in `review/<language>.txt`, or other files ending in `.txt` in this folder. */
  readonly words?: readonly string[];
  /** The ARN of a function of your own, with or without an alias. */
  readonly lambda?: string;
  /** A guardrail of Amazon Bedrock in the stage's account and Region. */
  readonly guardrail?: { readonly id: string; readonly version: string };
  /** For all of them together. Defaults to 500. */
  readonly timeoutMs?: number;
  /** What happens to a text whose review fails or takes too long. Defaults to `hold`: a moderator decides. */
  readonly onFailure?: "hold" | "allow";
  /** Whether every room is reviewed. Otherwise the owner of each room decides. */
  readonly required?: boolean;
}

export interface ReviewSettings {
  /** The stage's name. */
  readonly name: string;
  readonly review?: ReviewSetting;
  readonly without?: readonly string[];
}

/** Words on all lists together, as handlers/words has it. */
const MOST_WORDS = 10_000;
const root = join(import.meta.dirname, "..");

const fileOf = (words: string) => (words.endsWith(".txt") ? words : `review/${words}.txt`);

/** The word lists of a stage. */
export const wordFiles = ({ review }: Pick<ReviewSettings, "review">): string[] =>
  (review?.words ?? []).map((each) => join(root, fileOf(each)));

/** The setting as functions read it. */
export function reviewVariable(review: ReviewSetting): string {
  const { words = [], lambda, guardrail, timeoutMs = 500, onFailure = "hold", required = false } = review;
  return JSON.stringify({ words: words.map((_, at) => String(at)), lambda, guardrail, timeoutMs, onFailure, required });
}

/** The shell commands that add the word lists to the bundle. `folder` is quoted for the shell. */
export function bundleWords(settings: Pick<ReviewSettings, "review">, folder: string): string[] {
  const files = wordFiles(settings);
  if (files.length === 0) return [];
  const copies = files.map((file, at) => `cp ${quoted(file)} ${folder}/review/${at}.txt`);
  // Lambda runs as a different user.
  return [`mkdir -p ${folder}/review`, ...copies, `chmod -R a+rX ${folder}/review`];
}

/** Throws `SettingError` if the setting is invalid. */
export function validateReview({ name, review, without = [] }: ReviewSettings): void {
  if (!review) return;
  const wrong = (problem: string) => new SettingError(`Stage "${name}": review${problem}.`);
  const { words = [], lambda, guardrail, timeoutMs = 500 } = review;
  if (without.includes("moderation")) throw wrong(" needs moderators, who decide about what is held: see without");
  if (words.length === 0 && lambda === undefined && guardrail === undefined) {
    throw wrong(" has no reviewer: give words, lambda or guardrail");
  }
  let count = 0;
  for (const [at, each] of words.entries()) {
    const file = fileOf(each);
    let text: string;
    try {
      text = readFileSync(join(root, file), "utf8");
    } catch (error) {
      throw wrong(`.words[${at}] is "${each}", but ${file} cannot be read: ${(error as Error).message}`);
    }
    const { problem, lines } = checkList(text);
    if (problem) throw wrong(`.words[${at}]: ${file}, ${problem}`);
    count += lines;
  }
  if (count > MOST_WORDS) throw wrong(`.words has ${count} words, but may have at most ${MOST_WORDS}`);
  if (
    lambda !== undefined &&
    !/^arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w-]{1,128})?$/.test(lambda)
  ) {
    throw wrong(`.lambda is "${lambda}", but must be like arn:aws:lambda:eu-central-1:123456789012:function:<name>`);
  }
  if (guardrail && !/^[a-z0-9]{1,64}$/.test(guardrail.id)) {
    throw wrong(`.guardrail.id is "${guardrail.id}", but must have lower-case letters and digits`);
  }
  if (guardrail && !/^(DRAFT|[1-9]\d{0,7})$/.test(guardrail.version)) {
    throw wrong(`.guardrail.version is "${guardrail.version}", but must be a number or DRAFT`);
  }
  if (!(Number.isInteger(timeoutMs) && timeoutMs >= 50 && timeoutMs <= 3_000)) {
    throw wrong(`.timeoutMs is ${timeoutMs}, but must be a whole number from 50 to 3000`);
  }
}

/** Returns what is wrong with a list, as `handlers/words` finds it, and how many words it has. */
function checkList(text: string): { problem?: string; lines: number } {
  let lines = 0;
  for (const [at, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    lines++;
    const [, action, phrase = trimmed] = /^([^:]*):(.*)$/.exec(trimmed) ?? [];
    if (action !== undefined && !["refuse", "hold", "mask"].includes(action.trim())) {
      return { problem: `line ${at + 1}: before the colon must be refuse, hold or mask`, lines };
    }
    if (!/[\p{L}\p{N}]/u.test(phrase)) return { problem: `line ${at + 1}: must contain a letter or a digit`, lines };
  }
  return { lines };
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
