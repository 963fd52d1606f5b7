// What this person is and may do in a room: the answer to the last join, and the notices that change it since.

import { type Joined, type Notice, type Permission, permissions, type Restriction, type Role } from "./protocol.ts";

export class Standing {
  role: Role = "member";
  /** The same array until it changes. */
  may: readonly Permission[] = [];
  muted: Restriction | undefined;
  #isLocked = false;

  joined({ role, may, muted, locked = false }: Joined): void {
    this.role = role;
    this.muted = muted;
    this.#isLocked = locked;
    this.#allow(may);
  }

  /** Takes a notice of what the answer to the join did not know. Returns whether it changes what this person is or may do. */
  noticed({ kind, people, by, until }: Notice, yourId: string): boolean {
    const isAboutYou = people?.some(({ userId }) => userId === yourId);
    if (kind === "muted" && isAboutYou) this.muted = until === undefined ? {} : { until };
    else if (kind === "unmuted" && isAboutYou) this.muted = undefined;
    else if (kind === "appointed" && isAboutYou) this.role = "moderator";
    else if (kind === "dismissed" && isAboutYou) this.role = "member";
    else if (kind === "handedOver" && isAboutYou) this.role = "owner";
    else if (kind === "handedOver" && by.userId === yourId) this.role = "moderator";
    else return false;
    this.#update();
    return true;
  }

  lock(isLocked: boolean): void {
    if (isLocked === this.#isLocked) return;
    this.#isLocked = isLocked;
    this.#update();
  }

  /** The mute's time is up. */
  unmute(): void {
    this.muted = undefined;
    this.#update();
  }

  #update(): void {
    const isSilenced = this.role === "member" && (this.#isLocked || this.muted !== undefined);
    this.#allow(isSilenced ? [] : permissions[this.role]);
  }

  #allow(may: readonly Permission[]): void {
    const isSame = may.length === this.may.length && may.every((permission) => this.may.includes(permission));
    if (!isSame) this.may = may;
  }
}
