// Answers as the table has them.

import { GONE, HIDDEN } from "./grounds.ts";

/** The status with which a connection was refused. */
export function refusal(error: unknown): string {
  return /server response: (\d{3})/.exec(String(error))?.[1] ?? String(error);
}

/** Of the same attack in several forms; one, if all are answered alike. */
export const alike = (answers: readonly string[]): string => [...new Set(answers)].join(" or ");

/** The answer; with more words, and so none that the table has, where it tells what it must not. */
export function discreet(answer: string, text: string, isRefused: boolean): string {
  const tells = text.includes(GONE) || (isRefused && text.includes(HIDDEN));
  return tells ? `${answer}, telling what was said: ${text}` : answer;
}
