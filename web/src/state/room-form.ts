// The forms that create a room and change its settings.
import { limits } from "../../../client/src/index.ts";
import { lengthOf } from "../text/normalize.ts";
import { type RuleErrors, type RuleFields, ruleErrors } from "./rule-fields.ts";

/** Error texts by field; `form` is for errors that no field causes. */
export type RoomFormErrors = RuleErrors & { name?: string; topic?: string; form?: string };

/** Returns what the form can tell without the server. Undefined if it may be sent. */
export function roomErrors(room: { name: string; topic: string; rules: RuleFields }): RoomFormErrors | undefined {
  const errors = { ...(room.name === "" && { name: "Enter a room name." }), ...ruleErrors(room.rules) };
  // The fields themselves explain a text that is too long.
  const isTooLong = lengthOf(room.name) > limits.roomNameLength || lengthOf(room.topic) > limits.topicLength;
  return isTooLong || Object.keys(errors).length > 0 ? errors : undefined;
}

/** `Field` takes the focus only if its error changes; this also covers a repeated error and a text that is too long. */
export function focusProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLInputElement>("[aria-invalid]")?.focus());
}
