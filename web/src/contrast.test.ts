// Text stands out from what is behind it, in the light and in the dark.
import { readFileSync } from "node:fs";
import { wcagContrast } from "culori";
import { expect, test } from "vitest";
import { brandStyles } from "../brand-plugin.ts";

/** WCAG 2.2, 1.4.3 for text, 1.4.11 for the edges of controls. */
const TEXT = 4.5;
const EDGE = 3;

const surfaces = ["surface", "surface-sidebar", "surface-raised", "surface-soft", "surface-hover"];
const pairs: readonly (readonly [front: string, behind: string, least: number])[] = [
  ...surfaces.map((surface) => ["text", surface, TEXT] as const),
  ...["surface", "surface-sidebar", "surface-raised", "surface-soft"].flatMap((surface) => [
    ["text-soft", surface, TEXT] as const,
    ["accent", surface, TEXT] as const,
  ]),
  ["accent", "accent-soft", TEXT],
  ["text", "accent-soft", TEXT],
  ["on-accent", "accent", TEXT],
  ["on-accent", "accent-hover", TEXT],
  ["on-own-bubble", "own-bubble", TEXT],
  ["danger", "surface", TEXT],
  ["danger", "surface-raised", TEXT],
  ["danger", "danger-soft", TEXT],
  ["on-warning", "warning-soft", TEXT],
  ["line-strong", "surface", EDGE],
  ["line-strong", "surface-raised", EDGE],
  ["accent", "surface", EDGE],
];

/** The variables of all themes: those outside of the media query for dark ones, and those in it. */
function colorsOf(styles: string): { light: Map<string, string>; dark: Map<string, string> } {
  const [light = "", dark = ""] = styles.split("@media (prefers-color-scheme: dark)");
  const read = (css: string) =>
    new Map([...css.matchAll(/--([a-z-]+): (#[0-9a-f]+);/g)].map(([, name = "", color = ""]) => [name, color]));
  return { light: read(light), dark: read(dark) };
}

const all = [brandStyles(), readFileSync(new URL("styles/tokens.css", import.meta.url), "utf8")].map(colorsOf);

for (const theme of ["light", "dark"] as const) {
  test(`in the ${theme}, all texts have enough contrast`, () => {
    const colors = new Map(all.flatMap((each) => [...each[theme]]));
    const tooLow = pairs.flatMap(([front, behind, least]) => {
      const [one, other] = [colors.get(front), colors.get(behind)];
      if (!one || !other) throw new Error(`There is no color ${one ? behind : front}.`);
      const contrast = wcagContrast(one, other);
      return contrast < least ? [`${front} on ${behind}: ${contrast.toFixed(2)} instead of ${least}`] : [];
    });
    expect(tooLow).toEqual([]);
  });
}
