// Hours of the day in which nothing makes itself heard.

/** Both as "HH:MM", in local time. `to` before `from` is on the next day. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** Whether a moment is within the hours: from `from` on, until just before `to`. */
export function isQuiet({ from, to }: QuietHours, at: number): boolean {
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  return from <= to ? from <= time && time < to : from <= time || time < to;
}

export function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}
