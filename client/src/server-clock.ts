// The server's clock, as its frames tell it. This machine's may be wrong.

export class ServerClock {
  /** How far the server's clock is ahead of this machine's, in milliseconds. */
  offset = 0;
  /** False until the server tells its time, and again after `doubt`. */
  isSure = false;

  get now(): number {
    return Date.now() + this.offset;
  }

  /** A frame from the server has its time. The frame's way here makes the clock late, never early. */
  heard(at: number): void {
    this.offset = at - Date.now();
    this.isSure = true;
  }

  /** The computer slept, or its clock was set. */
  doubt(): void {
    this.isSure = false;
  }
}
