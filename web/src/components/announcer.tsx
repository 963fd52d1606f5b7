// The page's only live region, rendered from the start: screen readers ignore a region that is added with its text.
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
