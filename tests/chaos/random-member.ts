// Random operations of one device in its person's conversations: opens and closes them, starts direct ones, changes the
// members of groups, and marks as read. The same seed makes the same choices.

import { type Conversation, isConversation, ParlorError, type Room } from "../../client/src/index.ts";
import { withRetries } from "../support/stage.ts";
import type { FollowingDevice } from "./following-device.ts";
import type { Random } from "./random.ts";
import { leaveSettled } from "./settle.ts";

type Operation = "open" | "close" | "direct" | "add" | "remove" | "replace" | "quit" | "read" | "unread";

const probabilities: Readonly<Record<Operation, number>> = {
  open: 0.35,
  close: 0.15,
  direct: 0.05,
  add: 0.14,
  remove: 0.06,
  replace: 0.06,
  quit: 0.04,
  read: 0.1,
  unread: 0.05,
};

const MAX_OPEN = 4;
// What others do at the same moment may refuse what this person does: they are removed, are not the owner any more, or
// somebody has no connection and so cannot be found.
const expectedRefusals = new Set(["roomNotFound", "roomClosed", "forbidden", "personNotFound"]);

export class RandomMember {
  readonly device: FollowingDevice;
  readonly #rooms: Room[];
  readonly #others: readonly string[];
  readonly #random: Random;

  /** Adds to `rooms` what it opens. `others` are the user ids of people to meet. */
  constructor(device: FollowingDevice, rooms: Room[], others: readonly string[], random: Random) {
    this.device = device;
    this.#rooms = rooms;
    this.#others = others;
    this.#random = random;
  }

  /** Opens what its person is in now. */
  async start(): Promise<void> {
    for (const { room } of this.device.conversations.list) await this.#open(room);
  }

  /** Performs one operation, if there is anything to perform it on. */
  async act(): Promise<void> {
    const operation = this.#random.choose(probabilities) ?? "read";
    const other = this.#pick(this.#others);
    const conversation = this.#pick(this.#candidates(operation));
    try {
      if (operation === "direct") await this.#startDirect(other);
      else if (conversation) await this.#perform(operation, conversation, other);
    } catch (error) {
      // A busy stage may go on refusing what could succeed later.
      if (!(error instanceof ParlorError && (error.retryable || expectedRefusals.has(error.code)))) throw error;
    }
  }

  #candidates(operation: Operation): Conversation[] {
    const isOpen = ({ room }: Conversation) => this.#rooms.some(({ id }) => id === room);
    return this.device.conversations.list.filter((conversation) => {
      if (operation === "open") return !isOpen(conversation);
      if (operation === "close") return isOpen(conversation);
      if (operation === "read") return conversation.unread > 0;
      if (operation === "unread") return conversation.latest !== undefined;
      const isGroup = conversation.kind === "group";
      if (operation === "add" || operation === "quit") return isGroup;
      return isGroup && conversation.members[0]?.role === "owner";
    });
  }

  async #perform(operation: Operation, { room, members, seq, latest }: Conversation, other = ""): Promise<void> {
    const { conversations, client } = this.device;
    const { api, userId } = client.guest;
    if (operation === "open") await this.#open(room);
    else if (operation === "close") await this.#close(room);
    else if (operation === "read") conversations.markRead(room, seq);
    else if (operation === "unread") conversations.markUnread(room, latest?.seq ?? seq);
    else if (operation === "add") await withRetries(() => conversations.addMembers(room, [other]));
    else if (operation === "quit") await withRetries(() => api.removeMember(room, userId));
    else if (this.#others.includes(other) && members.some((member) => member.userId === other)) {
      await withRetries(() => api.removeMember(room, other));
      // So soon that they may not notice.
      if (operation === "replace") await withRetries(() => conversations.addMembers(room, [other]));
    }
  }

  async #startDirect(other = ""): Promise<void> {
    const { conversations, recorder } = this.device;
    const conversation = await withRetries(() => conversations.create({ with: other }));
    recorder.recordConversation(conversation);
    await this.#open(conversation.room);
  }

  async #open(id: string): Promise<void> {
    if (this.#rooms.some((room) => room.id === id)) return;
    if (this.#rooms.filter((room) => isConversation(room.id)).length >= MAX_OPEN) return;
    const room = await this.device.client.join(id);
    this.#rooms.push(room);
    room.on("left", () => this.#rooms.splice(this.#rooms.indexOf(room), 1));
  }

  async #close(id: string): Promise<void> {
    const room = this.#rooms.find((room) => room.id === id);
    if (room) await leaveSettled(room);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#random.below(Math.max(items.length, 1))];
  }
}
