// Shows progress: one line per step, with its duration from 2 seconds on, and its output only if it failed.
import { clearLine, cursorTo } from "node:readline";

const { stdout } = process;

/** A terminal also shows the latest line of output after the title. */
function begin(title: string): void {
  if (stdout.isTTY) show(title, "");
  else console.log(title);
}

function show(title: string, line: string): void {
  if (!stdout.isTTY) return;
  cursorTo(stdout, 0);
  stdout.write(`${title}  ${line}`.slice(0, stdout.columns - 1));
  clearLine(stdout, 1);
}

function finish(title: string, started: number): void {
  if (!stdout.isTTY) return;
  const seconds = Math.round((performance.now() - started) / 1000);
  cursorTo(stdout, 0);
  clearLine(stdout, 0);
  console.log(seconds < 2 ? title : `${title} (${seconds} s)`);
}

/** Runs `work`. Its last 60 lines of output are printed only if it fails. */
export async function step<T>(title: string, work: (onLine: (line: string) => void) => Promise<T>): Promise<T> {
  const started = performance.now();
  const output: string[] = [];
  begin(title);
  const onLine = (line: string) => {
    output.push(line);
    show(title, line.trim());
  };
  const result = await work(onLine).catch((error) => {
    finish(title, started);
    console.error(output.slice(-60).join("\n"));
    throw error;
  });
  finish(title, started);
  return result;
}
