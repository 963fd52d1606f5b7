// Runs checks, each under its own heading, and says at the end which failed.

export class Report {
  #passed = 0;
  readonly #failed: string[] = [];

  /** Runs a check and returns whether it passed. */
  async check(title: string, work: () => Promise<unknown>): Promise<boolean> {
    console.log(`\n── ${title}`);
    const started = performance.now();
    const failure = await work().then(
      () => undefined,
      (error: Error) => (error.name === "Failure" ? error.message : error),
    );
    const seconds = Math.round((performance.now() - started) / 1000);
    if (failure === undefined) this.#passed++;
    else {
      console.error(failure);
      this.#failed.push(title);
    }
    console.log(`   ${failure === undefined ? "passed" : "FAILED"} in ${seconds} s`);
    return failure === undefined;
  }

  /** The exit code. */
  finish(): number {
    console.log("");
    for (const title of this.#failed) console.log(`FAILED: ${title}`);
    console.log(`${this.#passed} passed, ${this.#failed.length} failed`);
    return this.#failed.length === 0 ? 0 : 1;
  }
}
