// The attack table: for each route, what it is tried on and what everybody is answered.
//
// Frames are answered by a type of frame or an error's code, requests by a status and a problem's code, connections by
// `open` or a status. Who cannot connect cannot send a frame either: `403` in a row of frames.

import { forgers, type Person, type Who } from "./who.ts";

/** What an attack is on. Messages are in the room of the column, unless they are said to be elsewhere. */
export type Target =
  | "public room"
  | "unlisted room"
  | "closed room"
  | "cleared room"
  | "absent room"
  | "nobody's room"
  | "own message"
  | "another's message"
  | "own deleted message"
  | "another's deleted message"
  | "another's reaction"
  | "another's frame id"
  | "absent message"
  | "message of another room"
  | "message, by another room's id"
  | "claims"
  | "forged cursor"
  | "changed cursor"
  | "token as cursor"
  | "the gateway's action"
  | "unknown action"
  | "anything"
  | "token in the address"
  | "token as subprotocol"
  | "the stage's page"
  | "another site's page";

export interface Row {
  readonly route: string;
  readonly on: Target;
  readonly answers: Readonly<Record<Who, string>>;
  /** Whether it leaves rooms behind that nobody can close. */
  readonly litters?: true;
}

/** There is no such thing for them. */
export const NOTHING = "–";

const strangers = (answer: string) => ({ guest: answer, outsider: answer, elsewhere: answer, left: answer });
const insiders = (answer: string) => ({ member: answer, owner: answer });
const people = (answer: string) => ({ ...strangers(answer), ...insiders(answer) });
const forged = (answer: string) => Object.fromEntries(forgers.map((who) => [who, answer])) as Record<Who, string>;

/** Whose token is forged is refused before any frame. */
const frame = (route: string, on: Target, answers: Record<Person, string>): Row => ({
  route,
  on,
  answers: { ...answers, ...forged("403") },
});

/** A request that reads no token. */
const open = (route: string, on: Target, answer: string): Row => ({
  route,
  on,
  answers: { ...people(answer), ...forged(answer) },
});

/** A request that reads a token where there is one. */
const known = (route: string, on: Target, answer: string): Row => ({
  route,
  on,
  answers: { ...people(answer), ...forged("401 unauthorized") },
});

/** A request that only one with a token may make. */
const proven = (route: string, on: Target, others: string, owner = others): Row => ({
  route,
  on,
  answers: { ...known(route, on, others).answers, owner, guest: "401 unauthorized" },
});

const connection = (on: Target, answer: string): Row => frame("authorize", on, people(answer));

const withRoom = { ...strangers("pong without it"), ...insiders("pong with it") };
const notIn = people("notJoined");
const inRoom = (answer: string) => ({ ...strangers("notJoined"), ...insiders(answer) });
/** On messages of one's own: those who left have said something too. */
const ownWords = (answer: string) => ({
  ...inRoom(answer),
  guest: NOTHING,
  outsider: NOTHING,
  elsewhere: NOTHING,
});

/** What holds for changing a message, whatever is changed. */
const change = (route: "edit" | "delete" | "react"): Row[] => [
  frame(route, "absent message", inRoom("messageNotFound")),
  frame(route, "message of another room", inRoom("messageNotFound")),
  frame(route, "message, by another room's id", { ...notIn, elsewhere: "messageNotFound" }),
  frame(route, "cleared room", inRoom("messageNotFound")),
  frame(route, "closed room", notIn),
  frame(route, "absent room", notIn),
  frame(route, "claims", people("invalidField")),
];

export const table: readonly Row[] = [
  connection("token in the address", "open"),
  connection("token as subprotocol", "open"),
  connection("the stage's page", "open"),
  connection("another site's page", "403"),
  frame("connect", "the gateway's action", withRoom),
  frame("disconnect", "the gateway's action", withRoom),
  frame("default", "unknown action", people("unknownAction")),

  frame("join", "public room", people("joined")),
  frame("join", "unlisted room", people("joined")),
  frame("join", "cleared room", people("joined")),
  frame("join", "closed room", people("roomClosed")),
  frame("join", "absent room", people("roomNotFound")),
  frame("join", "claims", people("invalidField")),

  frame("leave", "public room", people("left")),
  frame("leave", "unlisted room", people("left")),
  frame("leave", "closed room", people("left")),
  frame("leave", "absent room", people("left")),
  frame("leave", "claims", people("invalidField")),

  frame("send", "public room", inRoom("ack")),
  frame("send", "unlisted room", inRoom("ack")),
  frame("send", "another's frame id", inRoom("ack")),
  frame("send", "closed room", notIn),
  frame("send", "absent room", notIn),
  frame("send", "claims", people("invalidField")),

  frame("edit", "own message", ownWords("ack")),
  frame("edit", "another's message", inRoom("forbidden")),
  frame("edit", "unlisted room", inRoom("forbidden")),
  frame("edit", "own deleted message", ownWords("messageDeleted")),
  frame("edit", "another's deleted message", inRoom("forbidden")),
  ...change("edit"),

  frame("delete", "own message", ownWords("ack")),
  frame("delete", "another's message", { ...inRoom("forbidden"), owner: "ack" }),
  frame("delete", "unlisted room", { ...inRoom("forbidden"), owner: "ack" }),
  frame("delete", "own deleted message", ownWords("ack")),
  frame("delete", "another's deleted message", { ...inRoom("forbidden"), owner: "ack" }),
  ...change("delete"),

  frame("react", "own message", ownWords("ack")),
  frame("react", "another's message", inRoom("ack")),
  frame("react", "unlisted room", inRoom("ack")),
  frame("react", "own deleted message", ownWords("messageDeleted")),
  frame("react", "another's deleted message", inRoom("messageDeleted")),
  frame("react", "another's reaction", { ...people("notJoined, it stays"), ...insiders("ack, it stays") }),
  ...change("react"),

  frame("history", "public room", inRoom("history")),
  frame("history", "unlisted room", inRoom("history")),
  frame("history", "cleared room", inRoom("history")),
  frame("history", "closed room", notIn),
  frame("history", "absent room", notIn),
  frame("history", "claims", people("invalidField")),

  frame("typing", "public room", inRoom("told")),
  frame("typing", "unlisted room", inRoom("told")),
  frame("typing", "closed room", notIn),
  frame("typing", "absent room", notIn),
  frame("typing", "claims", people("invalidField")),

  frame("ping", "public room", withRoom),
  frame("ping", "unlisted room", withRoom),
  frame("ping", "closed room", people("pong without it")),
  frame("ping", "claims", people("invalidField")),

  open("create-session", "anything", "201"),
  open("create-session", "claims", "400 invalidField"),

  proven("get-me", "anything", "200"),

  { ...known("create-room", "anything", "201"), litters: true },
  known("create-room", "claims", "400 invalidField"),

  open("list-rooms", "public room", "200, listed"),
  open("list-rooms", "unlisted room", "200, not listed"),
  open("list-rooms", "closed room", "200, not listed"),
  open("list-rooms", "forged cursor", "400 invalidField"),
  open("list-rooms", "changed cursor", "400 invalidField"),
  open("list-rooms", "token as cursor", "400 invalidField"),

  open("get-room", "public room", "200"),
  open("get-room", "unlisted room", "200"),
  open("get-room", "closed room", "410 roomClosed"),
  open("get-room", "absent room", "404 roomNotFound"),

  open("list-messages", "public room", "200"),
  open("list-messages", "unlisted room", "200"),
  open("list-messages", "cleared room", "200"),
  open("list-messages", "closed room", "410 roomClosed"),
  open("list-messages", "absent room", "404 roomNotFound"),

  proven("update-room", "public room", "403 forbidden", "200"),
  proven("update-room", "unlisted room", "403 forbidden", "200"),
  { ...proven("update-room", "nobody's room", "403 forbidden"), litters: true },
  proven("update-room", "closed room", "403 forbidden", "410 roomClosed"),
  proven("update-room", "absent room", "404 roomNotFound"),
  proven("update-room", "claims", "400 invalidField"),

  proven("clear-room", "public room", "403 forbidden", "204"),
  proven("clear-room", "unlisted room", "403 forbidden", "204"),
  { ...proven("clear-room", "nobody's room", "403 forbidden"), litters: true },
  proven("clear-room", "closed room", "403 forbidden", "410 roomClosed"),
  proven("clear-room", "absent room", "404 roomNotFound"),

  proven("close-room", "public room", "403 forbidden", "204"),
  proven("close-room", "unlisted room", "403 forbidden", "204"),
  { ...proven("close-room", "nobody's room", "403 forbidden"), litters: true },
  proven("close-room", "closed room", "403 forbidden", "204"),
  proven("close-room", "absent room", "404 roomNotFound"),
];
