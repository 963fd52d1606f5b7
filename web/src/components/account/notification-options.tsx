// Of what the browser notifies this person, and when.
import { useSignal } from "@preact/signals";
import { hasNotifications, showNotification } from "../../browser/notification.ts";
import { notificationSettings, setNotifications } from "../../state/notification-settings.ts";
import { isTime, type QuietHours } from "../../text/quiet-hours.ts";
import { OptionBox } from "../option-box.tsx";

const NIGHT: QuietHours = { from: "22:00", to: "08:00" };

export function NotificationOptions() {
  const { isOn, isSilent, quietHours } = notificationSettings.value;
  const problem = useSignal<string | undefined>(undefined);

  async function turnOn() {
    problem.value = undefined;
    if ((await Notification.requestPermission()) !== "granted") {
      problem.value = "Your browser blocks notifications from this page. Allow them in its settings for this site.";
    } else if (showNotification("Notifications are on", { silent: isSilent })) setNotifications({ isOn: true });
    else problem.value = "This browser shows no notifications of pages like this one.";
  }

  function setHours(changes: Partial<QuietHours>) {
    const hours = { ...(quietHours ?? NIGHT), ...changes };
    if (isTime(hours.from) && isTime(hours.to)) setNotifications({ quietHours: hours });
  }

  return (
    <section>
      <h3>Notifications</h3>
      {hasNotifications ? (
        <OptionBox
          title="Notify me"
          icon="bell"
          checked={isOn}
          onChange={(checked) => {
            if (checked) void turnOn();
            else setNotifications({ isOn: false });
          }}
        >
          Of direct messages and mentions, while this page is open but not visible. A room's options have more
        </OptionBox>
      ) : (
        <p class="hint">This browser has no notifications.</p>
      )}
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      {isOn && (
        <>
          <OptionBox
            title="Without a sound"
            icon="mute"
            checked={isSilent}
            onChange={(checked) => setNotifications({ isSilent: checked })}
          >
            They are only shown
          </OptionBox>
          <OptionBox
            title="Quiet hours"
            icon="clock"
            checked={quietHours !== undefined}
            onChange={(checked) => setNotifications({ quietHours: checked ? NIGHT : undefined })}
          >
            Every day, nothing is shown between two times
          </OptionBox>
          {quietHours && (
            <div class="quiet-hours">
              <TimeField label="From" value={quietHours.from} onChange={(from) => setHours({ from })} />
              <TimeField label="Until" value={quietHours.to} onChange={(to) => setHours({ to })} />
            </div>
          )}
        </>
      )}
    </section>
  );
}

function TimeField({ label, value, onChange }: { label: string; value: string; onChange: (time: string) => void }) {
  return (
    <label class="field">
      {label}
      <input type="time" required value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
    </label>
  );
}
