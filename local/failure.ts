/** Something went wrong that is no bug of the script: the message is one sentence that says what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
}
