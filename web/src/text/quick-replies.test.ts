import { expect, test } from "vitest";
import type { RoomMessage } from "../../../client/src/index.ts";
import { answerTo, suggesting } from "./quick-replies.ts";

const bot = { userId: "bot:hotel", name: "Hotel", bot: true };
const yes = { text: "Yes, please", value: "yes" };
const message = (seq: number, more: Partial<RoomMessage>): RoomMessage => ({
  id: `m${seq}`,
  from: { userId: "ada", name: "Ada" },
  text: "Hello",
  at: 0,
  mentions: [],
  mentionsRoom: false,
  own: false,
  status: "sent",
  epoch: "e",
  seq,
  reactions: [],
  ...more,
});
const yours = (seq: number) => message(seq, { own: true });
const answer = (seq: number, to: number) =>
  message(seq, { from: bot, replyTo: { epoch: "e", seq: to }, quickReplies: [yes] });

test("a bot's suggestions are for whom it answers, until they write again", () => {
  expect(suggesting([yours(1), answer(2, 1), message(3, {})])?.seq).toBe(2);
  expect(suggesting([yours(1), answer(2, 1), yours(3)])).toBeUndefined();
  expect(suggesting([yours(1), message(2, {}), answer(3, 2)])).toBeUndefined();
  // Another person's dialogue goes on meanwhile.
  expect(suggesting([yours(1), message(2, {}), answer(3, 1), answer(4, 2)])?.seq).toBe(3);
});

test("an answer to another epoch's message suggests nothing, and one without suggestions neither", () => {
  expect(suggesting([yours(1), { ...answer(2, 1), replyTo: { epoch: "earlier", seq: 1 } }])).toBeUndefined();
  const { quickReplies: _, ...plain } = answer(2, 1);
  expect(suggesting([yours(1), plain])).toBeUndefined();
  expect(suggesting([])).toBeUndefined();
});

test("a suggestion mentions the bot in a room, and not in a conversation", () => {
  expect(answerTo("room", bot, yes)).toEqual(["@Hotel yes", { mentions: ["bot:hotel"] }]);
  expect(answerTo("c-1", bot, yes)).toEqual(["yes", {}]);
});
