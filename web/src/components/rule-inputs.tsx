// The fields for a room's rules, of a new room or of one that has some.
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { RoomRules } from "../../../client/src/index.ts";
import { now } from "../browser/environment.ts";
import { ABSENCE_CHOICES, END_CHOICES, type RuleErrors, type RuleFields, UNCHANGED } from "../state/rule-fields.ts";
import { duration, momentTime } from "../text/time.ts";
import { Field } from "./field.tsx";
import { OptionBox } from "./option-box.tsx";
import { PasswordField } from "./password-field.tsx";

interface RuleInputsProps {
  fields: RuleFields;
  errors: RuleErrors;
  /** The present rules, if the room exists. */
  rules?: RoomRules;
}

export function RuleInputs({ fields, errors, rules }: RuleInputsProps) {
  const { endsAt, passwordRequired = false, endsWithoutOwnerAfterSeconds } = rules ?? {};
  const absences = new Set([
    ...(endsWithoutOwnerAfterSeconds ? [endsWithoutOwnerAfterSeconds] : []),
    ...ABSENCE_CHOICES,
  ]);
  return (
    <>
      <div class="field-pair">
        <Select label={rules ? "Ends" : "Ends after"} value={fields.endsIn}>
          {endsAt !== undefined && <option value={UNCHANGED}>{`At ${momentTime(endsAt, now.value)}, as now`}</option>}
          <option value="">Never</option>
          {END_CHOICES.map((seconds) => (
            <option key={seconds} value={seconds}>
              {rules && "In "}
              {duration(seconds)}
            </option>
          ))}
        </Select>
        <Field
          label="People at most"
          text={fields.maxPeople}
          limit={8}
          inputMode="numeric"
          placeholder="No limit"
          error={errors.maxPeople}
          autoComplete="off"
        />
      </div>
      <PasswordField
        label={passwordRequired ? "New password" : "Password"}
        hint={passwordRequired ? "empty keeps the present one" : "optional"}
        text={fields.password}
        error={errors.password}
        disabled={fields.removesPassword.value}
        isNew
      />
      {passwordRequired && (
        <OptionBox
          title="Remove the password"
          icon="lock"
          checked={fields.removesPassword.value}
          onChange={(on) => {
            fields.removesPassword.value = on;
          }}
        >
          Everyone with the link can join
        </OptionBox>
      )}
      <OptionBox
        title="Unique names"
        icon="people"
        checked={fields.uniqueNames.value}
        onChange={(on) => {
          fields.uniqueNames.value = on;
        }}
      >
        No two people with names that look alike
      </OptionBox>
      <Select label="Ends when I am away" value={fields.absence}>
        <option value="">Never</option>
        {[...absences].map((seconds) => (
          <option key={seconds} value={seconds}>
            After {duration(seconds)}
          </option>
        ))}
      </Select>
    </>
  );
}

function Select({ label, value, children }: { label: string; value: Signal<string>; children: ComponentChildren }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.value;
        }}
      >
        {children}
      </select>
    </div>
  );
}
