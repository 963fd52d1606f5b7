// The choice between an unlisted and a public room.
import type { Signal } from "@preact/signals";
import { Icon } from "../icon.tsx";

export function VisibilityChoice({ isPublic }: { isPublic: Signal<boolean> }) {
  return (
    <fieldset class="choice">
      <legend>Who finds it</legend>
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
          <strong>By link</strong>
          <small>Only people who have the link</small>
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
          <small>Everybody sees it in the list</small>
        </span>
      </label>
    </fieldset>
  );
}
