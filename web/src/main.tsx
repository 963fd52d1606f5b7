// Starts the page: shared state first, then the components that show it.
import { render } from "preact";
import { App } from "./components/app.tsx";
import { followBrowser } from "./state/browser.ts";
import { endWithEpoch } from "./state/editing.ts";
import { followRoom } from "./state/room.ts";
import { followRoute } from "./state/route.ts";
import { showTitle } from "./state/title.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/lobby.css";
import "./styles/room.css";
import "./styles/messages.css";
import "./styles/actions.css";
import "./styles/composer.css";
import "./styles/people.css";

followBrowser();
followRoute();
followRoom();
endWithEpoch();
showTitle();
render(<App />, document.getElementById("app") as HTMLElement);
