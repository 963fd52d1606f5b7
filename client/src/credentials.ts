// The token of each connection. Gets it from the application, and finds out when the server refuses it.

import { ParlorError } from "./errors.ts";
import type { GetToken } from "./types.ts";

/** After this many failed connections in a row, the API is asked: a browser cannot tell a refusal from a network failure. */
const FAILURES_BEFORE_CHECK = 3;

export class Credentials {
  readonly #getToken: GetToken;
  readonly #isRefused: (token: string) => Promise<boolean>;
  #failures = 0;
  /** The token of the last attempt. */
  #token: string | undefined;
  #refused: string | undefined;
  /** Whether the token replaces a refused one and has not been accepted yet. */
  #isReplacement = false;
  /** The running check of the token. It may take longer than an attempt to connect. */
  #check: Promise<void> | undefined;

  /** `isRefused` resolves to whether the API says that the token proves nobody. */
  constructor(getToken: GetToken, isRefused: (token: string) => Promise<boolean>) {
    this.#getToken = getToken;
    this.#isRefused = isRefused;
  }

  /** Returns the token for the next attempt. Rejects with `unauthorized` if it is refused and there is no other. */
  async token(): Promise<string | undefined> {
    const isDoubtful = this.#failures > 0 && this.#failures % FAILURES_BEFORE_CHECK === 0;
    if (isDoubtful && this.#token !== undefined) this.#check ??= this.#checkToken(this.#token);
    await this.#check;
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

  async #checkToken(token: string): Promise<void> {
    if (await this.#isRefused(token)) this.#refused = token;
    this.#check = undefined;
  }

  /** A connection with the token did not open. */
  failed(): void {
    this.#failures++;
  }

  /** The token was accepted, or the application asks for a new start. */
  reset(): void {
    this.#failures = 0;
    this.#refused = undefined;
    this.#isReplacement = false;
  }
}

function unauthorized(): ParlorError {
  return new ParlorError("unauthorized", "Parlor refuses the token, and there is no other: sign in again.", false);
}
