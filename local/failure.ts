/** An error that is not a bug in the script. The message is one sentence that says what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
}
