// The page's only live region. It is rendered empty from the start: screen readers ignore regions added with their
// text.
import { announcements } from "../state/announcer.ts";

export function Announcer() {
  return (
    <div class="visually-hidden" role="status" aria-live="polite" aria-atomic="false">
      {announcements.value.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
