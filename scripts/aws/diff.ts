// Reads what `cdk diff` prints.
import { lossOf } from "./stateful.ts";

export interface Change {
  readonly kind: "added" | "changed" | "removed";
  readonly type: string;
  /** The construct's path and the logical id, as `cdk diff` prints them. */
  readonly id: string;
  /** What happens to the resource that is there now. */
  readonly impact: "kept" | "may be replaced" | "replaced" | "deleted" | "left behind";
}

const kinds: Record<string, Change["kind"]> = { "+": "added", "~": "changed", "-": "removed" };
const impacts: Record<string, Change["impact"]> = {
  replace: "replaced",
  "may be replaced": "may be replaced",
  destroy: "deleted",
  orphan: "left behind",
};

/** Returns the changes of resources. Lines about IAM, parameters, outputs and properties are skipped. */
export function readDiff(text: string): Change[] {
  return text.split("\n").flatMap((line) => {
    const [, mark = "", type = "", rest = ""] = /^\[(.)\] (\S+::\S+) (.*)$/.exec(line) ?? [];
    if (!type) return [];
    const [, id = rest, impact = ""] = /^(.*?) +(replace|may be replaced|destroy|orphan)\b/.exec(rest) ?? [];
    const kind = kinds[mark] ?? "changed";
    return [{ kind, type, id: id.trim(), impact: impacts[impact] ?? (kind === "removed" ? "deleted" : "kept") }];
  });
}

/** Returns one line per change that loses, or may lose, what nobody can create again. */
export function lossesOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ type, id, impact }) => {
    const loss = lossOf(type);
    if (!loss || impact === "kept") return [];
    return [`${type} ${id}: ${impact}; ${loss} ${impact === "left behind" ? "unused from then on" : "lost"}`];
  });
}

export function summarize(changes: readonly Change[]): string {
  const count = (kind: Change["kind"]) => changes.filter((change) => change.kind === kind).length;
  const replaced = changes.filter(({ impact }) => impact === "replaced" || impact === "may be replaced").length;
  return `Resources: ${count("added")} added, ${count("changed")} changed (${replaced} of these replaced), ${count("removed")} removed`;
}
