// The choice between an unlisted and a public room.
import type { Signal } from "@preact/signals";
import { Icon } from "../icons.tsx";

export function VisibilityChoice({ isPublic }: { isPublic: Signal<boolean> }) {
  return (
    <fieldset class="choice">
      <legend>Visibility</legend>
      <label class="option">
        <input
          type="radio"
          name="visibility"
          checked={!isPublic.value}
          onChange={() => {
            isPublic.value = false;
          }}
        />
        <Icon name="link" />
        <span>
          <strong>Unlisted</strong>
          <small>Only people with the link</small>
        </span>
      </label>
      <label class="option">
        <input
          type="radio"
          name="visibility"
          checked={isPublic.value}
          onChange={() => {
            isPublic.value = true;
          }}
        />
        <Icon name="globe" />
        <span>
          <strong>Public</strong>
          <small>Listed for everyone</small>
        </span>
      </label>
    </fieldset>
  );
}
