// The permission matrix: what each route answers each actor, for every target.
//
// The answer to a frame is a frame type or an error code; to a request, a status and an error code; to a connection,
// `open` or a status. An actor that cannot connect cannot send frames: its cells in rows of frames are `403`.
//
// Routes that run on a schedule, or that others invoke, have no row: nobody can call them.

import { type ActorName, forgers, type Person } from "./actor-names.ts";
import { type Act, acts } from "./moderation-acts.ts";

/**
 * What the actor uses the route on. Messages are in the actor's room unless stated otherwise; passes and passwords are for a
 * room with a password.
 */
export type Target =
  | "public room"
  | "unlisted room"
  | "closed room"
  | "cleared room"
  | "absent room"
  | "room without owner"
  | "room with a password"
  | "valid pass"
  | "forged pass"
  | "former pass"
  | "another room's pass"
  | "right password"
  | "right password, extra fields"
  | "wrong password"
  | "own message"
  | "own message, mentioning everyone"
  | "another's message"
  | "own deleted message"
  | "another's deleted message"
  | "another's reaction"
  | "another's frame id"
  | "absent message"
  | "message of another room"
  | "message with another room's id"
  | "group"
  | "another's direct conversation"
  | "absent conversation"
  | "own membership"
  | "the author"
  | "nobody"
  | "free handle"
  | "another's handle"
  | Act
  | "another's message where one moderates"
  | "own message where one is muted"
  | "room where one is muted"
  | "room where one is banned"
  | "room from which one was kicked"
  | "locked room"
  | "extra fields"
  | "forged cursor"
  | "changed cursor"
  | "token as cursor"
  | "the gateway's action"
  | "unknown action"
  | "any"
  | "token in the query string"
  | "token as subprotocol"
  | "the stage's page"
  | "another site's page";

export interface Row {
  readonly route: string;
  readonly target: Target;
  readonly answers: Readonly<Record<ActorName, string>>;
  /** Leaves rooms behind that nobody can close. */
  readonly leavesRooms?: true;
}

/** The actor has no such target. */
export const NOT_APPLICABLE = "–";

const outside = (answer: string) => ({ guest: answer, outsider: answer, elsewhere: answer, left: answer });
const inside = (answer: string) => ({ member: answer, owner: answer });
const people = (answer: string) => ({ ...outside(answer), ...inside(answer) });
const forged = (answer: string) =>
  Object.fromEntries(forgers.map((name) => [name, answer])) as Record<ActorName, string>;

/** An actor with a forged token is refused before it can send a frame. */
const frame = (route: string, target: Target, answers: Record<Person, string>): Row => ({
  route,
  target,
  answers: { ...answers, ...forged("403") },
});

/** A request that ignores tokens. */
const open = (route: string, target: Target, answer: string): Row => ({
  route,
  target,
  answers: { ...people(answer), ...forged(answer) },
});

/** A request with an optional token. */
const optionalToken = (route: string, target: Target, answer: string): Row => ({
  route,
  target,
  answers: { ...people(answer), ...forged("401 unauthorized") },
});

/** A request that requires a token. */
const requiresToken = (route: string, target: Target, others: string, owner = others): Row => ({
  route,
  target,
  answers: { ...optionalToken(route, target, others).answers, owner, guest: "401 unauthorized" },
});

const connection = (target: Target, answer: string): Row => frame("authorize", target, people(answer));

const withRoom = { ...outside("pong without it"), ...inside("pong with it") };
const notIn = people("notJoined");
/** Those inside may join again, whatever became of their pass. */
const needsPass = { ...outside("passRequired"), ...inside("joined") };
const inRoom = (answer: string) => ({ ...outside("notJoined"), ...inside(answer) });
/** For own messages: `left` has sent some too. */
const ownMessage = (answer: string) => ({
  ...inRoom(answer),
  guest: NOT_APPLICABLE,
  outsider: NOT_APPLICABLE,
  elsewhere: NOT_APPLICABLE,
});

/** In a conversation: `left` was a member, and everyone else learns nothing. */
const inGroup = (answer: string) => ({ ...outside("roomNotFound"), ...inside(answer) });
const noConversation = (route: string): Row[] => [
  frame(route, "another's direct conversation", { ...people("roomNotFound"), owner: frameAnswers[route] ?? "" }),
  frame(route, "absent conversation", people("roomNotFound")),
];
/** What a member gets. */
const frameAnswers: Readonly<Record<string, string>> = {
  join: "joined",
  send: "ack",
  edit: "forbidden",
  delete: "forbidden",
  react: "ack",
  history: "history",
  typing: "delivered",
  read: "read",
};
/** A request about a conversation: members get this answer. */
const membersOnly = (route: string, answer: string): Row[] => {
  const outsideGroup = requiresToken(route, "group", "404 roomNotFound");
  return [
    { ...outsideGroup, answers: { ...outsideGroup.answers, ...inside(answer) } },
    requiresToken(route, "another's direct conversation", "404 roomNotFound", directAnswers[route] ?? answer),
    requiresToken(route, "absent conversation", "404 roomNotFound"),
  ];
};
/** Where a direct conversation differs from a group. */
const directAnswers: Readonly<Record<string, string>> = {
  "update-conversation": "403 forbidden",
  "add-members": "403 forbidden",
};

/** Rows that all changes of a message have in common. */
const change = (route: "edit" | "delete" | "react"): Row[] => [
  frame(route, "absent message", inRoom("messageNotFound")),
  frame(route, "message of another room", inRoom("messageNotFound")),
  frame(route, "message with another room's id", { ...notIn, elsewhere: "messageNotFound" }),
  frame(route, "cleared room", inRoom("messageNotFound")),
  frame(route, "closed room", notIn),
  frame(route, "absent room", notIn),
  frame(route, "extra fields", people("invalidField")),
];

/** What moderators may do; the rest is the owner's. */
const moderatorActs = [
  ...["mute", "unmute", "kick", "ban", "unban", "slow mode", "lock", "unlock"],
  ...["dismiss reports", "delete what was reported"],
];

/** In a room that the member moderates. */
const moderatorsOnly = (route: string, target: Target, answer: string): Row => {
  const { answers, ...row } = requiresToken(route, target, "403 forbidden", answer);
  return { ...row, answers: { ...answers, member: answer } };
};
const moderating = Object.keys(acts).map((act): Row => {
  if (act.endsWith("what does not wait")) return moderatorsOnly("moderate", act as Act, "404 messageNotFound");
  return moderatorActs.includes(act)
    ? moderatorsOnly("moderate", act as Act, "204")
    : requiresToken("moderate", act as Act, "403 forbidden", "204");
});

/** In rooms where something was done to the member. */
const moderated: readonly Row[] = [
  frame("join", "room where one is muted", people("joined")),
  frame("send", "room where one is muted", { ...inRoom("ack"), member: "muted" }),
  frame("edit", "own message where one is muted", { ...inRoom("forbidden"), member: "muted" }),
  frame("react", "own message where one is muted", { ...inRoom("ack"), member: "muted" }),
  frame("delete", "own message where one is muted", inRoom("ack")),
  frame("history", "room where one is muted", inRoom("history")),
  frame("typing", "room where one is muted", inRoom("delivered")),
  frame("ping", "room where one is muted", withRoom),

  frame("send", "room where one is banned", { ...inRoom("ack"), member: "notJoined" }),
  frame("history", "room where one is banned", { ...inRoom("history"), member: "notJoined" }),
  frame("typing", "room where one is banned", { ...inRoom("delivered"), member: "notJoined" }),
  frame("react", "room where one is banned", { ...inRoom("ack"), member: "notJoined" }),
  frame("ping", "room where one is banned", { ...withRoom, member: "pong without it" }),
  frame("join", "room where one is banned", { ...people("joined"), member: "banned" }),

  frame("send", "room from which one was kicked", { ...inRoom("ack"), member: "notJoined" }),
  frame("join", "room from which one was kicked", people("joined")),

  frame("join", "locked room", people("joined")),
  frame("send", "locked room", { ...inRoom("ack"), member: "roomLocked" }),
  frame("react", "locked room", { ...inRoom("ack"), member: "roomLocked" }),

  frame("delete", "another's message where one moderates", inRoom("ack")),
  requiresToken("update-room", "another's message where one moderates", "403 forbidden", "200"),
  requiresToken("clear-room", "another's message where one moderates", "403 forbidden", "204"),
];

/** A request whose token may be missing, and then has another answer. */
const readsAsPerson = (route: string, target: Target, guest: string, answer: string): Row => ({
  route,
  target,
  answers: { ...optionalToken(route, target, answer).answers, guest, member: "403 banned" },
});

export const matrix: readonly Row[] = [
  connection("token in the query string", "open"),
  connection("token as subprotocol", "open"),
  connection("the stage's page", "open"),
  connection("another site's page", "403"),
  frame("connect", "the gateway's action", withRoom),
  frame("disconnect", "the gateway's action", withRoom),
  frame("default", "unknown action", people("unknownAction")),

  frame("join", "public room", people("joined")),
  frame("join", "unlisted room", people("joined")),
  frame("join", "cleared room", people("joined")),
  frame("join", "room with a password", needsPass),
  frame("join", "forged pass", needsPass),
  frame("join", "former pass", needsPass),
  frame("join", "another room's pass", needsPass),
  frame("join", "valid pass", people("joined")),
  frame("join", "closed room", people("roomClosed")),
  frame("join", "absent room", people("roomNotFound")),
  frame("join", "extra fields", people("invalidField")),

  frame("leave", "public room", people("left")),
  frame("leave", "unlisted room", people("left")),
  frame("leave", "closed room", people("left")),
  frame("leave", "absent room", people("left")),
  frame("leave", "extra fields", people("invalidField")),

  frame("send", "public room", inRoom("ack")),
  frame("send", "unlisted room", inRoom("ack")),
  frame("send", "room with a password", inRoom("ack")),
  frame("send", "another's frame id", inRoom("ack")),
  frame("send", "own message, mentioning everyone", { ...ownMessage("forbidden"), owner: "ack" }),
  frame("send", "message of another room", inRoom("messageNotFound")),
  frame("send", "message with another room's id", { ...notIn, elsewhere: "messageNotFound" }),
  frame("send", "cleared room", inRoom("messageNotFound")),
  frame("send", "closed room", notIn),
  frame("send", "absent room", notIn),
  frame("send", "extra fields", people("invalidField")),

  frame("edit", "own message", ownMessage("ack")),
  frame("edit", "own message, mentioning everyone", { ...ownMessage("forbidden"), owner: "ack" }),
  frame("edit", "another's message", inRoom("forbidden")),
  frame("edit", "unlisted room", inRoom("forbidden")),
  frame("edit", "room with a password", inRoom("forbidden")),
  frame("edit", "own deleted message", ownMessage("messageDeleted")),
  frame("edit", "another's deleted message", inRoom("forbidden")),
  ...change("edit"),

  frame("delete", "own message", ownMessage("ack")),
  frame("delete", "another's message", { ...inRoom("forbidden"), owner: "ack" }),
  frame("delete", "unlisted room", { ...inRoom("forbidden"), owner: "ack" }),
  frame("delete", "own deleted message", ownMessage("ack")),
  frame("delete", "another's deleted message", { ...inRoom("forbidden"), owner: "ack" }),
  ...change("delete"),

  frame("react", "own message", ownMessage("ack")),
  frame("react", "another's message", inRoom("ack")),
  frame("react", "unlisted room", inRoom("ack")),
  frame("react", "room with a password", inRoom("ack")),
  frame("react", "own deleted message", ownMessage("messageDeleted")),
  frame("react", "another's deleted message", inRoom("messageDeleted")),
  frame("react", "another's reaction", { ...people("notJoined, it stays"), ...inside("ack, it stays") }),
  ...change("react"),

  frame("history", "public room", inRoom("history")),
  frame("history", "unlisted room", inRoom("history")),
  frame("history", "room with a password", inRoom("history")),
  frame("history", "cleared room", inRoom("history")),
  frame("history", "closed room", notIn),
  frame("history", "absent room", notIn),
  frame("history", "extra fields", people("invalidField")),

  // Conversations that exist are in the scenarios: these actors are members of none.
  frame("read", "public room", people("roomNotFound")),
  frame("read", "absent room", people("roomNotFound")),
  frame("read", "extra fields", people("invalidField")),

  frame("typing", "public room", inRoom("delivered")),
  frame("typing", "unlisted room", inRoom("delivered")),
  frame("typing", "room with a password", inRoom("delivered")),
  frame("typing", "closed room", notIn),
  frame("typing", "absent room", notIn),
  frame("typing", "extra fields", people("invalidField")),

  frame("ping", "public room", withRoom),
  frame("ping", "unlisted room", withRoom),
  frame("ping", "room with a password", withRoom),
  frame("ping", "closed room", people("pong without it")),
  frame("ping", "extra fields", people("invalidField")),

  ...moderated,

  ...Object.entries(frameAnswers).flatMap(([route, answer]) => [
    frame(route, "group", { ...inGroup(answer), ...(route === "delete" && { owner: "ack" }) }),
    ...noConversation(route),
  ]),
  frame("leave", "group", people("left")),

  frame("register", "free handle", people("registered")),
  frame("register", "another's handle", people("handleTaken")),
  frame("register", "extra fields", people("invalidField")),

  optionalToken("create-session", "any", "201"),
  open("create-session", "extra fields", "400 invalidField"),

  requiresToken("get-me", "any", "200"),
  requiresToken("export-me", "any", "200"),
  requiresToken("export-me", "forged cursor", "400 invalidField"),
  // Erasing would end what the other rows need. With a cursor that is none, it does nothing.
  requiresToken("erase-me", "forged cursor", "400 invalidField"),
  // Every actor is a guest. Scenarios have accounts.
  requiresToken("link-guest", "any", "403 forbidden"),

  requiresToken("claim-handle", "free handle", "200"),
  requiresToken("claim-handle", "another's handle", "409 handleTaken"),
  requiresToken("claim-handle", "extra fields", "400 invalidField"),
  requiresToken("release-handle", "any", "204"),

  open("get-person", "another's handle", "200"),
  open("get-person", "free handle", "404 personNotFound"),

  requiresToken("create-conversation", "the author", "200"),
  requiresToken("create-conversation", "nobody", "404 personNotFound"),
  requiresToken("create-conversation", "extra fields", "400 invalidField"),
  requiresToken("list-conversations", "any", "200"),
  requiresToken("list-conversations", "forged cursor", "400 invalidField"),
  ...membersOnly("get-conversation", "200"),
  ...membersOnly("list-conversation-messages", "200"),
  ...membersOnly("update-conversation", "200"),
  requiresToken("update-conversation", "extra fields", "400 invalidField"),
  ...membersOnly("add-members", "200"),
  requiresToken("add-members", "extra fields", "400 invalidField"),
  {
    route: "remove-member",
    target: "group",
    answers: {
      ...requiresToken("remove-member", "group", "404 roomNotFound").answers,
      member: "403 forbidden",
      owner: "204",
    },
  },
  requiresToken("remove-member", "absent conversation", "404 roomNotFound"),
  {
    route: "remove-member",
    target: "own membership",
    answers: {
      ...requiresToken("remove-member", "own membership", "204").answers,
      outsider: "404 roomNotFound",
      elsewhere: "404 roomNotFound",
    },
  },
  requiresToken("list-blocks", "any", "200"),
  requiresToken("block", "the author", "204"),
  requiresToken("block", "nobody", "404 personNotFound"),
  requiresToken("unblock", "the author", "204"),
  requiresToken("unblock", "nobody", "204"),

  optionalToken("get-room", "group", "404 roomNotFound"),
  optionalToken("list-messages", "group", "404 roomNotFound"),
  open("create-pass", "group", "404 roomNotFound"),
  requiresToken("update-room", "group", "404 roomNotFound"),
  requiresToken("clear-room", "group", "404 roomNotFound"),
  requiresToken("close-room", "group", "404 roomNotFound"),

  { ...optionalToken("create-room", "any", "201"), leavesRooms: true },
  optionalToken("create-room", "extra fields", "400 invalidField"),

  open("list-rooms", "public room", "200, listed"),
  open("list-rooms", "unlisted room", "200, not listed"),
  open("list-rooms", "room with a password", "200, listed"),
  open("list-rooms", "closed room", "200, not listed"),
  open("list-rooms", "forged cursor", "400 invalidField"),
  open("list-rooms", "changed cursor", "400 invalidField"),
  open("list-rooms", "token as cursor", "400 invalidField"),

  optionalToken("get-room", "public room", "200, with names"),
  optionalToken("get-room", "unlisted room", "200, with names"),
  optionalToken("get-room", "room with a password", "200, without names"),
  optionalToken("get-room", "forged pass", "403 passRequired"),
  optionalToken("get-room", "former pass", "403 passRequired"),
  optionalToken("get-room", "another room's pass", "403 passRequired"),
  optionalToken("get-room", "valid pass", "200, with names"),
  optionalToken("get-room", "closed room", "410 roomClosed"),
  optionalToken("get-room", "absent room", "404 roomNotFound"),

  optionalToken("list-messages", "public room", "200"),
  optionalToken("list-messages", "unlisted room", "200"),
  optionalToken("list-messages", "cleared room", "200"),
  optionalToken("list-messages", "room with a password", "403 passRequired"),
  optionalToken("list-messages", "forged pass", "403 passRequired"),
  optionalToken("list-messages", "former pass", "403 passRequired"),
  optionalToken("list-messages", "another room's pass", "403 passRequired"),
  optionalToken("list-messages", "valid pass", "200"),
  optionalToken("list-messages", "closed room", "410 roomClosed"),
  optionalToken("list-messages", "absent room", "404 roomNotFound"),

  readsAsPerson("get-room", "room where one is banned", "200, without names", "200, with names"),
  readsAsPerson("list-messages", "room where one is banned", "401 unauthorized", "200"),

  open("create-pass", "right password", "201"),
  open("create-pass", "wrong password", "403 wrongPassword"),
  open("create-pass", "right password, extra fields", "400 invalidField"),
  open("create-pass", "public room", "400 invalidField"),
  open("create-pass", "closed room", "410 roomClosed"),
  open("create-pass", "absent room", "404 roomNotFound"),

  requiresToken("update-room", "public room", "403 forbidden", "200"),
  requiresToken("update-room", "unlisted room", "403 forbidden", "200"),
  requiresToken("update-room", "room with a password", "403 forbidden", "200"),
  { ...requiresToken("update-room", "room without owner", "403 forbidden"), leavesRooms: true },
  requiresToken("update-room", "closed room", "403 forbidden", "410 roomClosed"),
  requiresToken("update-room", "absent room", "404 roomNotFound"),
  requiresToken("update-room", "extra fields", "400 invalidField"),

  ...moderating,
  requiresToken("moderate", "closed room", "410 roomClosed"),
  requiresToken("moderate", "absent room", "404 roomNotFound"),
  requiresToken("moderate", "group", "404 roomNotFound"),
  { ...requiresToken("moderate", "room without owner", "403 forbidden"), leavesRooms: true },
  requiresToken("moderate", "extra fields", "400 invalidField"),
  requiresToken("report", "another's message", "204"),
  requiresToken("report", "unlisted room", "204"),
  {
    route: "report",
    target: "own message",
    answers: {
      ...requiresToken("report", "own message", "403 forbidden").answers,
      outsider: NOT_APPLICABLE,
      elsewhere: NOT_APPLICABLE,
    },
  },
  requiresToken("report", "another's deleted message", "410 messageDeleted"),
  requiresToken("report", "absent message", "404 messageNotFound"),
  requiresToken("report", "message of another room", "404 messageNotFound"),
  requiresToken("report", "cleared room", "404 messageNotFound"),
  requiresToken("report", "room with a password", "403 passRequired"),
  requiresToken("report", "forged pass", "403 passRequired"),
  requiresToken("report", "former pass", "403 passRequired"),
  requiresToken("report", "another room's pass", "403 passRequired"),
  requiresToken("report", "valid pass", "204"),
  requiresToken("report", "room where one is muted", "204"),
  readsAsPerson("report", "room where one is banned", "401 unauthorized", "204"),
  { ...requiresToken("report", "room without owner", "403 forbidden"), leavesRooms: true },
  requiresToken("report", "closed room", "410 roomClosed"),
  requiresToken("report", "absent room", "404 roomNotFound"),
  requiresToken("report", "group", "404 roomNotFound"),
  requiresToken("report", "another's direct conversation", "404 roomNotFound"),
  requiresToken("report", "extra fields", "400 invalidField"),
  requiresToken("list-reports", "public room", "403 forbidden", "200"),
  moderatorsOnly("list-reports", "another's message where one moderates", "200"),
  { ...requiresToken("list-reports", "room without owner", "403 forbidden"), leavesRooms: true },
  requiresToken("list-reports", "closed room", "410 roomClosed"),
  requiresToken("list-reports", "absent room", "404 roomNotFound"),
  requiresToken("list-reports", "group", "404 roomNotFound"),
  requiresToken("list-reports", "forged cursor", "400 invalidField"),

  requiresToken("list-held", "public room", "403 forbidden", "200"),
  moderatorsOnly("list-held", "another's message where one moderates", "200"),
  { ...requiresToken("list-held", "room without owner", "403 forbidden"), leavesRooms: true },
  requiresToken("list-held", "closed room", "410 roomClosed"),
  requiresToken("list-held", "absent room", "404 roomNotFound"),
  requiresToken("list-held", "group", "404 roomNotFound"),
  requiresToken("get-moderation", "public room", "403 forbidden", "200"),
  requiresToken("get-moderation", "closed room", "410 roomClosed"),
  requiresToken("get-moderation", "absent room", "404 roomNotFound"),
  requiresToken("get-moderation", "group", "404 roomNotFound"),
  requiresToken("get-moderation", "forged cursor", "400 invalidField"),

  requiresToken("get-conversation", "public room", "404 roomNotFound"),
  requiresToken("get-conversation", "absent room", "404 roomNotFound"),
  requiresToken("update-conversation", "public room", "404 roomNotFound"),
  requiresToken("update-conversation", "absent room", "404 roomNotFound"),
  requiresToken("list-conversation-messages", "public room", "404 roomNotFound"),
  requiresToken("list-conversation-messages", "absent room", "404 roomNotFound"),
  requiresToken("add-members", "public room", "404 roomNotFound"),
  requiresToken("add-members", "absent room", "404 roomNotFound"),
  requiresToken("remove-member", "public room", "404 roomNotFound"),
  requiresToken("remove-member", "absent room", "404 roomNotFound"),
  requiresToken("block", "any", "404 personNotFound"),
  requiresToken("unblock", "any", "204"),

  // A stage need not have bots, so these are about one that it does not have. Scenarios have real ones.
  ...Object.entries({ "allow-bot": "404 personNotFound", "remove-bot": "200", "create-hook": "201" }).flatMap(
    ([route, owner]) => {
      return [
        requiresToken(route, "public room", "403 forbidden", owner),
        requiresToken(route, "unlisted room", "403 forbidden", owner),
        requiresToken(route, "room with a password", "403 forbidden", owner),
        { ...requiresToken(route, "room without owner", "403 forbidden"), leavesRooms: true as const },
        requiresToken(route, "closed room", "403 forbidden", "410 roomClosed"),
        requiresToken(route, "absent room", "404 roomNotFound"),
        requiresToken(route, "group", "404 roomNotFound"),
      ];
    },
  ),

  // Nobody's token is a webhook's secret.
  open("post-hook", "public room", "401 unauthorized"),
  {
    route: "post-hook",
    target: "closed room",
    answers: { ...people("410 roomClosed"), ...forged("410 roomClosed"), guest: "401 unauthorized" },
  },
  open("post-hook", "absent room", "401 unauthorized"),

  requiresToken("clear-room", "public room", "403 forbidden", "204"),
  requiresToken("clear-room", "unlisted room", "403 forbidden", "204"),
  requiresToken("clear-room", "room with a password", "403 forbidden", "204"),
  { ...requiresToken("clear-room", "room without owner", "403 forbidden"), leavesRooms: true },
  requiresToken("clear-room", "closed room", "403 forbidden", "410 roomClosed"),
  requiresToken("clear-room", "absent room", "404 roomNotFound"),

  requiresToken("close-room", "public room", "403 forbidden", "204"),
  requiresToken("close-room", "unlisted room", "403 forbidden", "204"),
  requiresToken("close-room", "room with a password", "403 forbidden", "204"),
  { ...requiresToken("close-room", "room without owner", "403 forbidden"), leavesRooms: true },
  requiresToken("close-room", "closed room", "403 forbidden", "204"),
  requiresToken("close-room", "absent room", "404 roomNotFound"),
];
