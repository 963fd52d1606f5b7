// The lobby: create a room, return to one, or find a public one.
import { useEffect, useRef } from "preact/hooks";
import { narrow } from "../../browser/environment.ts";
import { knownConfig } from "../../state/config.ts";
import { conversationUi } from "../../state/conversation-ui.ts";
import { storedSession } from "../../state/identity.ts";
import { account } from "../../state/known-account.ts";
import { hasNavigated } from "../../state/route.ts";
import { accountUi } from "../account/account-ui.ts";
import { Brand } from "../brand.tsx";
import { LobbyYourRooms } from "./lobby-your-rooms.tsx";
import { PublicRooms } from "./public-rooms.tsx";
import { RoomForm } from "./room-form.tsx";

export function LobbyPage() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasNavigated()) heading.current?.focus();
  }, []);
  const ui = conversationUi.value;
  const accounts = accountUi.loaded;
  return (
    <div class="lobby">
      <header class="lobby-bar">
        <Brand />
        {accounts && <accounts.AccountControl />}
      </header>
      {accounts && <accounts.AccountNotice />}
      <main class="lobby-main">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            Create a room, share its link, talk.
          </h1>
          <p class="lead">
            {knownConfig.value?.guests !== false && "No account, no app. "}Rooms close after a day without activity.
          </p>
          {narrow.value && <LobbyYourRooms />}
          <RoomForm />
        </div>
        <div class="lobby-lists">
          {ui && (account.value ?? storedSession()) && <ui.ConversationSection />}
          {!narrow.value && <LobbyYourRooms />}
          <PublicRooms />
        </div>
      </main>
      <footer class="lobby-footer">
        <a href="/api/docs">API</a>
      </footer>
    </div>
  );
}
