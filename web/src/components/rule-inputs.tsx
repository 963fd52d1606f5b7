// The fields for a room's rules, of a new room or of one that has some.
import type { RoomRules } from "../../../client/src/index.ts";
import { now } from "../browser/environment.ts";
import { knownConfig } from "../state/config.ts";
import { ABSENCE_CHOICES, END_CHOICES, type RuleErrors, type RuleFields, UNCHANGED } from "../state/rule-fields.ts";
import { duration, momentTime } from "../text/time.ts";
import { Field } from "./field.tsx";
import { OptionBox } from "./option-box.tsx";
import { PasswordField } from "./password-field.tsx";
import { SelectField } from "./select-field.tsx";

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
        <SelectField
          label={rules ? "Ends" : "Ends after"}
          chosen={fields.endsIn.value}
          onChoose={(chosen) => {
            fields.endsIn.value = chosen;
          }}
        >
          {endsAt !== undefined && <option value={UNCHANGED}>{`At ${momentTime(endsAt, now.value)}, as now`}</option>}
          <option value="">Never</option>
          {END_CHOICES.map((seconds) => (
            <option key={seconds} value={seconds}>
              {rules && "In "}
              {duration(seconds)}
            </option>
          ))}
        </SelectField>
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
      {!rules && knownConfig.value?.review === "offered" && (
        <OptionBox
          title="Review messages"
          icon="shield"
          checked={fields.reviewed.value}
          onChange={(on) => {
            fields.reviewed.value = on;
          }}
        >
          What is not allowed does not appear
        </OptionBox>
      )}
      <SelectField
        label="Ends when I am away"
        chosen={fields.absence.value}
        onChoose={(chosen) => {
          fields.absence.value = chosen;
        }}
      >
        <option value="">Never</option>
        {[...absences].map((seconds) => (
          <option key={seconds} value={seconds}>
            After {duration(seconds)}
          </option>
        ))}
      </SelectField>
    </>
  );
}
