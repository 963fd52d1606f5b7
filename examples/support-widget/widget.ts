// The support widget on the shop's page: the customer's conversation with the team, through Parlor's client.
import { ParlorClient, type Room, type RoomMessage } from "../../client/src/index.ts";

interface Conversation {
  readonly room: string;
  readonly apiUrl: string;
  readonly webSocketUrl: string;
}

const element = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const [state, log, form, input] = [
  element("state"),
  element("log"),
  element("write"),
  element<HTMLInputElement>("text"),
];

/** Asks the shop, which knows the customer by its own cookie. */
async function askShop<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path, { method: "POST" });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}

function line({ own, from, text, status }: RoomMessage): HTMLElement {
  const item = document.createElement("li");
  item.className = own ? "own" : "";
  const author = document.createElement("b");
  author.textContent = own ? "You" : from.name;
  item.append(author, ` ${text || "(deleted)"}`);
  if (status !== "sent") item.append(` (${status === "pending" ? "sending…" : "not sent"})`);
  return item;
}

function show(room: Room): void {
  log.replaceChildren(...room.messages.map(line));
  log.scrollTop = log.scrollHeight;
}

async function open(): Promise<void> {
  const { room: id, ...addresses } = await askShop<Conversation>("/support/conversation");
  const getToken = async () => (await askShop<{ token: string }>("/support/token")).token;
  const client = new ParlorClient({ ...addresses, getToken });
  client.on("state", (now) => {
    state.textContent = now === "open" ? "We usually answer within an hour." : "Connecting…";
  });
  const room = await client.join(id);
  room.on("change", () => show(room));
  room.on("left", (reason) => {
    state.textContent = `This conversation has ended (${reason}).`;
    form.hidden = true;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    room.send(input.value);
    input.value = "";
  });
  show(room);
  form.hidden = false;
  element("sign-in").hidden = true;
}

open().catch((error: Error) => {
  state.textContent = error.message;
});
