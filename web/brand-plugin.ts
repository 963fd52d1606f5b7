// Takes the brand into the build: the colors as a style sheet, the logo as icons, the name into the HTML and the manifest.
import type { Plugin } from "vite";
import { brandName, dark, description, light, logo, radius } from "./brand.ts";

const STYLES = "virtual:brand.css";

export const brandPlugin: Plugin = {
  name: "brand",
  resolveId: (id) => (id === STYLES ? `\0${id}` : undefined),
  load: (id) => (id === `\0${STYLES}` ? brandStyles() : undefined),
  transformIndexHtml: (html) =>
    html
      .replaceAll("%NAME%", brandName)
      .replaceAll("%DESCRIPTION%", description)
      .replaceAll("%LIGHT%", light.surface)
      .replaceAll("%DARK%", dark.surface),
  generateBundle() {
    for (const [fileName, source] of files) this.emitFile({ type: "asset", fileName, source });
  },
};

export function brandStyles(): string {
  const corners = `--radius-small: ${radius.small}; --radius: ${radius.normal}; --radius-large: ${radius.large};`;
  const variables = (colors: object) =>
    Object.entries(colors)
      .map(([name, color]) => `--${name}: ${color};`)
      .join(" ");
  return `:root { ${corners} ${variables(light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(dark)} } }`;
}

const paths = logo.map(({ fill, path }) => `<path fill="${fill}" d="${path}"/>`).join("");

/** Systems cut this one into a shape of theirs. What is within the middle four fifths always stays. */
const maskable = `<rect width="32" height="32" fill="${light["accent-soft"]}"/><g transform="translate(7 7) scale(.5625)">${paths}</g>`;

/** What phones and desktops need to install the page as an app. */
const manifest = {
  name: brandName,
  short_name: brandName,
  description,
  start_url: "/",
  scope: "/",
  display: "standalone",
  theme_color: light.surface,
  background_color: light.surface,
  icons: [
    { src: "/favicon.svg", type: "image/svg+xml", sizes: "any" },
    { src: "/maskable.svg", type: "image/svg+xml", sizes: "any", purpose: "maskable" },
  ],
};

const files = [
  ["favicon.svg", svg(paths)],
  ["maskable.svg", svg(maskable)],
  ["manifest.json", JSON.stringify(manifest)],
] as const;

function svg(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${content}</svg>`;
}
