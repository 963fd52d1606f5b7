// Notifications of the browser.

/** Whether this browser has them at all. */
export const hasNotifications = "Notification" in window;

/** `href` is where pressing it leads in the page. Returns false if the browser shows none, as some do on phones. */
export function showNotification(
  title: string,
  { href, ...options }: NotificationOptions & { href?: string },
): boolean {
  try {
    const notification = new Notification(title, options);
    notification.onclick = () => {
      notification.close();
      window.focus();
      if (href !== undefined) location.hash = href;
    };
    return true;
  } catch {
    return false;
  }
}
