// Reads the IAM decisions of a local cloud from its log, where launch_ministack.py writes them.
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../../local/instance.ts";

/** The variable that makes a local cloud log its decisions. */
export const REPORT_DECISIONS = "PARLOR_REPORT_DECISIONS";

/** Makes the local cloud log its decisions once it is started. */
export const reporting = (at: Instance): Instance => ({ ...at, env: { ...at.env, [REPORT_DECISIONS]: "true" } });

export interface Decision {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** The partition keys in the call. Empty unless it is about rows. */
  readonly keys: readonly string[];
  readonly allowed: boolean;
}

export class DecisionLog {
  readonly #path: string;
  #offset = 0;
  #rest = "";

  private constructor(path: string) {
    this.#path = path;
  }

  /** Follows the log from its current end. */
  static async open(at: Instance): Promise<DecisionLog> {
    const log = new DecisionLog(join(at.folder, "ministack.log"));
    await log.next();
    return log;
  }

  /** Returns the decisions since the last call. */
  async next(): Promise<Decision[]> {
    const file = await open(this.#path);
    try {
      const length = (await file.stat()).size - this.#offset;
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, this.#offset);
      this.#offset += length;
      const lines = (this.#rest + buffer).split("\n");
      this.#rest = lines.pop() ?? "";
      return lines.flatMap(parseDecision);
    } finally {
      await file.close();
    }
  }
}

export function parseDecision(line: string): Decision[] {
  return line.startsWith('{"decision": ') ? [JSON.parse(line).decision] : [];
}

/** Whether the decision depends on this statement. */
export function matches({ role, action, resource, keys }: Decision, statement: RoleStatement): boolean {
  const keysMatch = statement.keys === undefined || (keys.length > 0 && keys.every(isLike(statement.keys)));
  return role === statement.role && action === statement.action && isLike(statement.resource)(resource) && keysMatch;
}

const isLike = (pattern: string) => (value: string) =>
  pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;

/** A grant as a statement of a deployed role. A `*` at the end of `resource` or `keys` matches anything. */
export interface RoleStatement extends Pick<Decision, "role" | "action" | "resource"> {
  /** The partition keys that the statement is limited to, if any. */
  readonly keys?: string | undefined;
}
