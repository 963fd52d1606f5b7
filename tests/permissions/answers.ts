// Answers as the permission matrix writes them.

import { DELETED_TEXT, PRIVATE_TEXT } from "./fixtures.ts";

/** The HTTP status with which a connection was refused. */
export function connectionError(error: unknown): string {
  return /server response: (\d{3})/.exec(String(error))?.[1] ?? String(error);
}

/** Joins the answers to several variants of one request: a single answer if they all agree. */
export const combine = (answers: readonly string[]): string => [...new Set(answers)].join(" or ");

/** Appends the full text to an answer that leaks something, so that it matches no expected answer. */
export function flagLeaks(answer: string, text: string, isRefusal: boolean): string {
  const leaks = text.includes(DELETED_TEXT) || (isRefusal && text.includes(PRIVATE_TEXT));
  return leaks ? `${answer}, leaking ${text}` : answer;
}
