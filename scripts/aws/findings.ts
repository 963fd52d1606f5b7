// What a check before a deployment found.

export interface Finding {
  readonly title: string;
  /**
   * `problem` stops a deployment. `unknown` could not be checked. `recoverable` stops CloudFormation, and `npm run deploy` offers to
   * solve it.
   */
  readonly level: "ok" | "warning" | "unknown" | "recoverable" | "problem";
  /** What was found and, unless it is `ok`, what to do. */
  readonly text: string;
}

const marks = {
  ok: "✓ ok",
  warning: "! warning",
  unknown: "? unknown",
  recoverable: "✗ problem",
  problem: "✗ problem",
};

export const ok = (title: string, text: string): Finding => ({ title, level: "ok", text });
export const warning = (title: string, text: string): Finding => ({ title, level: "warning", text });
export const unknown = (title: string, text: string): Finding => ({ title, level: "unknown", text });
export const recoverable = (title: string, text: string): Finding => ({ title, level: "recoverable", text });
export const problem = (title: string, text: string): Finding => ({ title, level: "problem", text });

export const formatFinding = ({ title, level, text }: Finding) => `${marks[level].padEnd(10)} ${title}: ${text}`;
