// The token of each connection: asks the application for it, and finds out when the server refuses it.

import { ParlorError } from "./errors.ts";
import type { GetToken } from "./types.ts";

/** A browser cannot tell a refusal from a network failure: after so many failures in a row, the API is asked. */
const FAILURES_BEFORE_ASKING = 3;

export class Credentials {
  readonly #getToken: GetToken;
  readonly #isRefused: (token: string) => Promise<boolean>;
  #failures = 0;
  /** That of the last attempt. */
  #token: string | undefined;
  #refused: string | undefined;
  /** Whether the token took the place of a refused one and was not accepted yet. */
  #isReplacement = false;
  /** The question whether the API refuses the token, while it is open: it may take longer than an attempt to connect. */
  #asking: Promise<void> | undefined;

  constructor(getToken: GetToken, isRefused: (token: string) => Promise<boolean>) {
    this.#getToken = getToken;
    this.#isRefused = isRefused;
  }

  /** Rejects with `unauthorized` when the token is refused and the application has no other one that is accepted. */
  async token(): Promise<string | undefined> {
    const doubtful = this.#failures > 0 && this.#failures % FAILURES_BEFORE_ASKING === 0 ? this.#token : undefined;
    if (doubtful !== undefined) this.#asking ??= this.#ask(doubtful);
    await this.#asking;
    const refused = this.#refused;
    if (refused !== undefined && this.#isReplacement) throw unauthorized();
    const token = await this.#getToken(refused === undefined ? {} : { refused });
    if (refused !== undefined) {
      if (token === undefined || token === refused) throw unauthorized();
      this.reset();
      this.#isReplacement = true;
    }
    this.#token = token;
    return token;
  }

  async #ask(token: string): Promise<void> {
    if (await this.#isRefused(token)) this.#refused = token;
    this.#asking = undefined;
  }

  /** A connection with the token could not be opened. */
  failed(): void {
    this.#failures++;
  }

  /** The token was accepted, or is tried afresh. */
  reset(): void {
    this.#failures = 0;
    this.#refused = undefined;
    this.#isReplacement = false;
  }
}

function unauthorized(): ParlorError {
  return new ParlorError("unauthorized", "Parlor refuses the token, and there is no other: sign in again.", false);
}
