// Takes the brand into the build: the colors as a style sheet, the logo as the site's icon, the name into the HTML.
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
    this.emitFile({ type: "asset", fileName: "favicon.svg", source: logoSvg() });
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

function logoSvg(): string {
  const paths = logo.map(({ fill, path }) => `<path fill="${fill}" d="${path}"/>`).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${paths}</svg>`;
}
