// Formats function invocations for people.
import { styleText } from "node:util";

/** One line of launch_ministack.py's output: what the function logged and, if the invocation failed, why. */
export interface Invocation {
  readonly route: string;
  readonly lines: readonly string[];
  readonly error: string | null;
}

/** All that a line's metrics may contain: when, and names, units and dimensions, but no value. */
const metric = String.raw`\{"Name":"[A-Za-z]+","Unit":"(Count|Seconds)"\}`;
const directive = String.raw`\{"Dimensions":\[\["stage"(,"route")?\]\],"Metrics":\[${metric}(,${metric})*\],"Namespace":"Parlor"\}`;
const metrics = String.raw`\{"CloudWatchMetrics":\[${directive}(,${directive})*\],"Timestamp":\d+\}`;

/**
 * All that a function may log: route, outcome, milliseconds, counts and, if an AWS call failed, its name and error code; in a
 * monitored stage also which of them are metrics.
 */
const LINE = new RegExp(
  [
    String.raw`^\{"route":"[a-z0-9-]+","outcome":"[A-Za-z]+","ms":\d+`,
    String.raw`(,"(delivered|gone|skipped|unasked|tokens|ended|deleted|failed|sweepBacklog)":\d+)*`,
    String.raw`(,"unreviewed":\d+)?`,
    `(,"reason":"failed to [a-z' ]+: (status \\d+|[A-Za-z,? {}]+)")?`,
    String.raw`((,"(ok|refused|unavailable|untold)":1)?,"stage":"[a-z]+","_aws":${metrics})?\}$`,
  ].join(""),
);

/** Returns the log lines that contain anything else. */
export function unexpectedLines(json: string): string[] {
  return (JSON.parse(json) as Invocation).lines.filter((line) => !LINE.test(line));
}

const parse = (line: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const paint = (ok: boolean, text: string) => (ok || !process.stdout.isTTY ? text : styleText("red", text));

function readable(route: string, line: string): string {
  const fields = parse(line);
  if (!fields) return `${route.padEnd(14)} ${line}`;
  const { route: _, outcome = "", ms, ok, refused, unavailable, untold, stage, _aws, ...others } = fields;
  const rest = Object.entries(others).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const time = ms === undefined ? "" : `${ms} ms`;
  const text = [route.padEnd(14), String(outcome).padEnd(12), time.padStart(7), ...rest].join(" ").trimEnd();
  return paint(outcome === "" || outcome === "ok", text);
}

/** A sweep runs every minute and mostly finds nothing. */
function isIdleSweep(line: string): boolean {
  const { route, ended, deleted, failed } = parse(line) ?? {};
  return route === "sweep" && ended === 0 && deleted === 0 && failed === 0;
}

/** Returns what to show for one line that a function logged: nothing for a sweep that found nothing. */
export const formatLine = (route: string, line: string): string[] => (isIdleSweep(line) ? [] : [readable(route, line)]);

/** Returns the lines to show for one invocation, each with the time of day. Sweeps that found nothing are left out. */
export function formatInvocation(json: string, at = new Date()): string[] {
  const { route, lines, error } = JSON.parse(json) as Invocation;
  const shown = lines.flatMap((line) => formatLine(route, line));
  if (error) shown.push(paint(false, `${route.padEnd(14)} failed       ${error}`));
  const time = at.toLocaleTimeString("en-GB");
  return shown.map((line) => `${time}  ${line}`);
}
