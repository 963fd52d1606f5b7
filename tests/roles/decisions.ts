// What a local cloud allowed its roles and what not, as launch_ministack.py writes it into the log.
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../../local/instance.ts";

/** The variable that makes a local cloud report its decisions. */
export const REPORT_DECISIONS = "PARLOR_REPORT_DECISIONS";

/** An instance whose local cloud, once it is started, reports its decisions. */
export const reporting = (at: Instance): Instance => ({ ...at, env: { ...at.env, [REPORT_DECISIONS]: "true" } });

export interface Decision {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** The partition keys of the rows that it was about, where it was about rows. */
  readonly keys: readonly string[];
  readonly allowed: boolean;
}

/** Follows the decisions from now on. */
export class Decisions {
  readonly #path: string;
  #offset = 0;
  #rest = "";

  private constructor(path: string) {
    this.#path = path;
  }

  static async from(at: Instance): Promise<Decisions> {
    const decisions = new Decisions(join(at.folder, "ministack.log"));
    await decisions.next();
    return decisions;
  }

  /** Those since the last call. */
  async next(): Promise<Decision[]> {
    const file = await open(this.#path);
    try {
      const length = (await file.stat()).size - this.#offset;
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, this.#offset);
      this.#offset += length;
      const lines = (this.#rest + buffer).split("\n");
      this.#rest = lines.pop() ?? "";
      return lines.flatMap(decisionIn);
    } finally {
      await file.close();
    }
  }
}

export function decisionIn(line: string): Decision[] {
  return line.startsWith('{"decision": ') ? [JSON.parse(line).decision] : [];
}

/** Whether a decision is about what a grant is about. */
export function isAbout({ role, action, resource, keys }: Decision, grant: Granted): boolean {
  const isOnRows = grant.keys === undefined || (keys.length > 0 && keys.every(isLike(grant.keys)));
  return role === grant.role && action === grant.action && isLike(grant.resource)(resource) && isOnRows;
}

const isLike = (pattern: string) => (value: string) =>
  pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;

/** A grant as a local cloud knows it; a `*` at the end of the resource or of the keys stands for anything. */
export interface Granted extends Pick<Decision, "role" | "action" | "resource"> {
  /** Of the rows that it is on, where it is not on all. */
  readonly keys?: string | undefined;
}
