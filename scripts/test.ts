// `npm test`: every check there is, one after another; a failing one does not keep the others from running.
import { Failure } from "./local/failure.ts";
import { run } from "./local/processes.ts";
import { venvBin, installVenv } from "./local/venv.ts";
import { endToEnd } from "./test/end-to-end.ts";

type Check = readonly [title: string, command: string, ...args: string[]];
