// Of what the browser notifies this person: nothing, unless they ask for it.
import { signal } from "@preact/signals";
import { loadItem, onStorageChange, saveItem } from "../browser/storage.ts";
import { isTime, type QuietHours } from "../text/quiet-hours.ts";

export interface NotificationSettings {
  readonly isOn: boolean;
  readonly isSilent: boolean;
  readonly quietHours: QuietHours | undefined;
}

export const notificationSettings = signal<NotificationSettings>(read());

onStorageChange(() => {
  const current = read();
  if (JSON.stringify(current) !== JSON.stringify(notificationSettings.peek())) notificationSettings.value = current;
});

export function setNotifications(changes: Partial<NotificationSettings>): void {
  notificationSettings.value = { ...notificationSettings.value, ...changes };
  saveItem("notifications", notificationSettings.value);
}

function read(): NotificationSettings {
  const { isOn, isSilent, quietHours } = loadItem<Partial<NotificationSettings>>("notifications") ?? {};
  const isValid = quietHours && isTime(quietHours.from) && isTime(quietHours.to);
  return { isOn: isOn === true, isSilent: isSilent === true, quietHours: isValid ? quietHours : undefined };
}
