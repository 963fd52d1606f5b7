// Replaces the original name in a text or a path.
import { type Names, ORIGINAL } from "./names.ts";

/** Files that keep the name. */
export const keptFiles: readonly { readonly path: RegExp; readonly reason: string }[] = [
  { path: /^LICENSE$/, reason: "The MIT license requires that copies keep the copyright notice." },
  { path: /^handlers\/fuzz\/(corpus|regressions)\//, reason: "Recorded input, some of it signed." },
  { path: /^(scripts\/(checks\/)?fork[/.]|docs\/fork\.md$)/, reason: "They rename, or say what a fork was made from." },
];

/** Identifiers that keep the name. `wire` ones are replaced too if the protocol is renamed. */
export const keptWords: readonly { readonly word: RegExp; readonly wire: boolean; readonly reason: string }[] = [
  { word: /parlor\.v1/, wire: true, reason: "The WebSocket subprotocol, which clients offer." },
  { word: /parlor-pass/, wire: true, reason: "The header in which clients send a pass." },
  {
    word: /x-parlor-(?:edge|viewer)/,
    wire: true,
    reason: "The headers in which CloudFront tells functions about a request.",
  },
  { word: /parlor-client/, wire: false, reason: "The audience of the tokens in the fuzz corpus." },
];

/** Returns the text under another name. `protocol` also renames the protocol's identifiers. */
export function renameText(text: string, names: Names, protocol: boolean): string {
  const kept = keptWords.filter(({ wire }) => !(wire && protocol)).map(({ word }) => word.source);
  return text.replace(new RegExp(`(?<kept>${kept.join("|")})|${ORIGINAL}`, "gi"), (found, ...rest) => {
    const [offset, whole, { kept }] = rest.slice(-3) as [number, string, { kept?: string }];
    return kept === undefined ? formOf(found, whole.charAt(offset + found.length), names) : found;
  });
}

/** Returns the form of the name that belongs where the original was written like `found`, before the character `next`. */
function formOf(found: string, next: string, { display, kebab, snake, pascal, upper }: Names): string {
  if (found === ORIGINAL.toUpperCase()) return next === "_" ? upper : display.toUpperCase();
  if (found === ORIGINAL) return /[A-Z]/.test(next) ? pascal : display;
  return next === "_" ? snake : kebab;
}

/** Returns what is left of the original name in a file's path and text. Empty if nothing is, apart from what is kept. */
export function leftovers(path: string, text: string, protocol: boolean): string[] {
  if (keptFiles.some((kept) => kept.path.test(path))) return [];
  const kept = keptWords.filter(({ wire }) => !(wire && protocol)).map(({ word }) => word.source);
  const rest = `${path}\n${text}`.replaceAll(new RegExp(kept.join("|"), "g"), "");
  return rest.split("\n").filter((line) => new RegExp(ORIGINAL, "i").test(line));
}

/**
 * Returns Cargo.lock with its packages and their dependencies in the order that cargo writes, which is by name. With
 * `--locked`, cargo refuses any other.
 */
export function sortLockfile(text: string): string {
  const [head = "", ...packages] = text.split("\n[[package]]\n");
  const dependencies = (entry: string) =>
    entry.replace(/(dependencies = \[\n)([^\]]*)\]/, (_, start: string, lines: string) => {
      const sorted = lines.split("\n").filter(Boolean).sort();
      return `${start}${sorted.map((line) => `${line}\n`).join("")}]`;
    });
  const nameOf = (entry: string) => entry.match(/^name = "(.+)"/)?.[1] ?? "";
  const byName = (a: string, b: string) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0);
  const bodies = packages.map((entry) => dependencies(entry.trimEnd())).sort(byName);
  return `${[head.trimEnd(), ...bodies].join("\n\n[[package]]\n")}\n`;
}
