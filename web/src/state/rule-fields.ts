// A room's rules as a form edits them. Texts, because that is what fields hold; an empty one means none.
import { type Signal, signal } from "@preact/signals";
import { limits, type NewRoom, type RoomRules, type RoomUpdate } from "../../../client/src/index.ts";
import { cleanPassword, isPasswordLength } from "../text/password.ts";

/** In seconds from now; or `UNCHANGED`. */
export const END_CHOICES = [600, 3600, 86_400, 604_800, 2_592_000];
export const ABSENCE_CHOICES = [60, 300, 900, 3600, 86_400];
export const UNCHANGED = "unchanged";

/** What the choice "Temporary" fills in. */
const temporary = { endsIn: "600", maxPeople: "20" };

export interface RuleFields {
  readonly endsIn: Signal<string>;
  readonly maxPeople: Signal<string>;
  /** In a room that has a password, an empty one keeps it. */
  readonly password: Signal<string>;
  readonly removesPassword: Signal<boolean>;
  readonly uniqueNames: Signal<boolean>;
  readonly absence: Signal<string>;
  /** Only of a new room. */
  readonly reviewed: Signal<boolean>;
}

export type RuleErrors = { maxPeople?: string; password?: string };

type Rules = Pick<
  NewRoom,
  "expiresInSeconds" | "maxPeople" | "password" | "uniqueNames" | "endsWithoutOwnerAfterSeconds" | "reviewed"
>;

/** Starts with these rules, or with none. */
export function ruleFields(rules?: RoomRules): RuleFields {
  return {
    endsIn: signal(rules?.endsAt === undefined ? "" : UNCHANGED),
    maxPeople: signal(String(rules?.maxPeople ?? "")),
    password: signal(""),
    removesPassword: signal(false),
    uniqueNames: signal(rules?.uniqueNames ?? false),
    absence: signal(String(rules?.endsWithoutOwnerAfterSeconds ?? "")),
    reviewed: signal(false),
  };
}

export function isTemporary({ endsIn, maxPeople }: RuleFields): boolean {
  return endsIn.value === temporary.endsIn && maxPeople.value === temporary.maxPeople;
}

export function setTemporary({ endsIn, maxPeople }: RuleFields, on: boolean): void {
  endsIn.value = on ? temporary.endsIn : "";
  maxPeople.value = on ? temporary.maxPeople : "";
}

export function ruleErrors({ maxPeople, password, removesPassword }: RuleFields): RuleErrors {
  const people = maxPeople.value.trim();
  const { fewestPeople, mostPeople, shortestPassword, passwordLength } = limits;
  const isSet = password.value !== "" && !removesPassword.value;
  const isAmount = /^\d+$/.test(people) && Number(people) >= fewestPeople && Number(people) <= mostPeople;
  return {
    ...(people !== "" && !isAmount && { maxPeople: `Enter ${fewestPeople} to ${mostPeople}, or nothing.` }),
    ...(isSet &&
      !isPasswordLength(password.value) && {
        password: `A password has ${shortestPassword} to ${passwordLength} characters.`,
      }),
  };
}

/** The rules of a new room. */
export function newRules({ endsIn, maxPeople, password, uniqueNames, absence, reviewed }: RuleFields): Rules {
  return {
    ...(endsIn.value && { expiresInSeconds: Number(endsIn.value) }),
    ...(maxPeople.value.trim() && { maxPeople: Number(maxPeople.value) }),
    ...(password.value && { password: cleanPassword(password.value) }),
    ...(uniqueNames.value && { uniqueNames: true }),
    ...(reviewed.value && { reviewed: true }),
    ...(absence.value && { endsWithoutOwnerAfterSeconds: Number(absence.value) }),
  };
}

/** What differs from these rules. */
export function ruleUpdate(fields: RuleFields, rules: RoomRules): RoomUpdate {
  const { expiresInSeconds = null, maxPeople = null, password, endsWithoutOwnerAfterSeconds = null } = newRules(fields);
  const uniqueNames = fields.uniqueNames.value;
  const isEndChanged = fields.endsIn.value === "" ? rules.endsAt !== undefined : fields.endsIn.value !== UNCHANGED;
  return {
    ...(isEndChanged && { expiresInSeconds }),
    ...(maxPeople !== (rules.maxPeople ?? null) && { maxPeople }),
    ...(fields.removesPassword.value ? { password: null } : password !== undefined && { password }),
    ...(uniqueNames !== rules.uniqueNames && { uniqueNames }),
    ...(endsWithoutOwnerAfterSeconds !== (rules.endsWithoutOwnerAfterSeconds ?? null) && {
      endsWithoutOwnerAfterSeconds,
    }),
  };
}
