// Who owns and moderates the open room, and who is muted or banned there, as far as this page knows: the notices that are loaded
// tell what changed, and moderators can ask for the rest.
import { computed, signal } from "@preact/signals";
import type { Notice, Person, PersonStatus, Restriction, Role } from "../../../client/src/index.ts";
import { epoch, firstSeq, may, notices, roomDetails, yourId } from "./joined-room.ts";

export interface Standing {
  readonly name: string;
  readonly role: Role;
  readonly muted?: Restriction | undefined;
  readonly banned?: Restriction | undefined;
}

/** What the server answered to a moderator. */
interface Asked {
  readonly roomId: string;
  readonly people: readonly PersonStatus[];
  /** The newest event that was here then. */
  readonly epoch: string;
  readonly seq: number;
}

const asked = signal<Asked | undefined>(undefined);

export function setAsked(roomId: string, people: readonly PersonStatus[], seq: number): void {
  asked.value = { roomId, people, epoch: epoch.peek(), seq };
}

/** The last answer, if every notice since is here. */
const known = computed(() => {
  const answer = asked.value;
  if (answer?.roomId !== roomDetails.value?.roomId) return undefined;
  return answer?.epoch === epoch.value && answer.seq >= firstSeq.value - 1 ? answer : undefined;
});

export const isAsked = computed(() => known.value !== undefined);

const yourName = computed(() => roomDetails.value?.you.name);
const yourRole = computed(() => roomDetails.value?.role ?? "member");

/** By user id. */
export const standings = computed<ReadonlyMap<string, Standing>>(() => {
  const answer = known.value;
  const all = new Map<string, Standing>();
  for (const notice of notices.value) if (!answer || notice.seq <= answer.seq) apply(notice, all);
  if (answer) {
    // The answer has all but the owner.
    for (const [userId, { role }] of all) if (role !== "owner") all.delete(userId);
    for (const person of answer.people) all.set(person.userId, person);
    for (const notice of notices.value) if (notice.seq > answer.seq) apply(notice, all);
  }
  if (yourName.value !== undefined) set(all, { userId: yourId.value, name: yourName.value }, { role: yourRole.value });
  return all;
});

/** Whether they may be moderated by this person. */
export function canModerate(userId: string): boolean {
  const role = standings.value.get(userId)?.role ?? "member";
  if (userId === yourId.value || role === "owner" || !may("kick")) return false;
  return role === "member" || may("appoint");
}

/** What only the owner can do. */
const ownersNotices: readonly Notice["kind"][] = ["renamed", "cleared", "appointed", "dismissed", "handedOver"];

function apply({ kind, by, people = [], until }: Notice, all: Map<string, Standing>): void {
  const restriction = until === undefined ? {} : { until };
  if (ownersNotices.includes(kind)) set(all, by, { role: kind === "handedOver" ? "moderator" : "owner" });
  for (const person of people) {
    if (kind === "appointed") set(all, person, { role: "moderator" });
    if (kind === "dismissed") set(all, person, { role: "member" });
    if (kind === "handedOver") set(all, person, { role: "owner" });
    if (kind === "muted") set(all, person, { muted: restriction });
    if (kind === "unmuted") set(all, person, { muted: undefined });
    if (kind === "banned") set(all, person, { banned: restriction });
    if (kind === "unbanned") set(all, person, { banned: undefined });
  }
}

function set(all: Map<string, Standing>, { userId, name }: Person, change: Partial<Standing>): void {
  all.set(userId, { role: "member", ...all.get(userId), name, ...change });
}
