// Starts MiniStack as `npm start` does, with nothing deployed. Arguments: the port, and `kept` or `fresh` state.
import { Failure } from "../../local/failure.ts";
import { instance } from "../../local/instance.ts";
import { startMiniStack } from "../../local/ministack.ts";

const [port, state] = process.argv.slice(2);
try {
  const { ended } = await startMiniStack(
    { ...instance(Number(port)), state: state === "fresh" ? "fresh" : "kept" },
    () => {},
  );
  console.log("ready");
  process.exitCode = 0;
  await ended;
  process.exitCode = 1;
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
