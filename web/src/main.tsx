// The page's entry point. It starts what runs without a component, then renders the page.
//
// - browser/: wrappers of browser APIs that know nothing of chat: storage, locks, focus, clipboard.
// - state/: what the page knows, as signals, and the actions that change it. Connects and joins rooms through client/.
// - components/: Preact components by place: lobby/, nav/ (lists of places to go to), room/ (a room and what surrounds its log),
//   log/ (messages), conversations/ (their list, header and members), details/ (a room's details), account/ (who you are, and signing in),
//   moderation/ (what moderators do), emoji/ (choosing one), switcher/ and shortcuts/.
//   What reading and writing do not need is in chunks of its own, through lazy.ts: the views by address (views.tsx), what
//   surrounds a room's log (surroundings-parts.ts), what a room says besides its messages (room-notes.ts), acting on messages,
//   accounts, conversations and dialogs.
// - text/: pure functions on text: what people type, and the words that the page shows.
// - styles/: one style sheet per area; tokens.css defines colors and sizes.
import { render } from "preact";
import { trackEnvironment } from "./browser/environment.ts";
import { restoreLostFocus } from "./browser/focus-fallback.ts";
import { ignoreKeysDuringComposition } from "./browser/input-method.ts";
import { accountUi } from "./components/account/account-ui.ts";
import { App } from "./components/app.tsx";
import { surroundings } from "./components/surroundings.ts";
import { loadViews } from "./components/views.tsx";
import { loadConversationUi } from "./state/conversation-ui.ts";
import { stopEditingWhenCleared } from "./state/editing.ts";
import { syncOutbox } from "./state/outbox.ts";
import { startOutboxSender } from "./state/outbox-sender.ts";
import { trackRoomView } from "./state/room-view.ts";
import { route, trackRoute } from "./state/route.ts";
import { trackTitle } from "./state/title.ts";
import "virtual:brand.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/lobby.css";
import "./styles/account.css";
import "./styles/room.css";
import "./styles/messages.css";
import "./styles/text.css";
import "./styles/new-messages.css";
import "./styles/actions.css";
import "./styles/composer.css";
import "./styles/emoji.css";
import "./styles/replies.css";
import "./styles/people.css";
import "./styles/nav.css";
import "./styles/details.css";
import "./styles/conversations.css";
import "./styles/moderation.css";
import "./styles/shortcuts.css";
import "./styles/touch.css";
import "./styles/forced-colors.css";

loadViews(route.peek());
ignoreKeysDuringComposition();
trackEnvironment();
trackRoute();
trackRoomView();
syncOutbox();
startOutboxSender();
stopEditingWhenCleared();
trackTitle();
const root = document.getElementById("app") as HTMLElement;
restoreLostFocus(root);
render(<App />, root);
void surroundings.load();
// Without it, the page works and counts nothing.
void import("./state/followed-rooms.ts").then(({ followRooms }) => followRooms()).catch(() => {});
void accountUi.load();
loadConversationUi();
