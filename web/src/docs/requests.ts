// Swagger UI for the HTTP API, under the page's content security policy.
import SwaggerUI, { type Plugin } from "swagger-ui-dist/swagger-ui-es-bundle.js";
import openApi from "../../../docs/protocol/openapi.json";
import { codeParts } from "./code-parts.ts";
import "swagger-ui-dist/swagger-ui.css";

/** Requests go to the origin that served this page, because the policy allows no other. */
export function showRequests(domNode: HTMLElement): void {
  followColorScheme();
  SwaggerUI({
    domNode,
    spec: { ...openApi, servers: [{ url: `${location.origin}/api` }] },
    plugins: [plainDescriptions, noHeading],
    tryItOutEnabled: true,
    // Each request shows the schemas that it uses.
    defaultModelsExpandDepth: -1,
    // Otherwise Swagger UI may send the document to a service that validates it.
    validatorUrl: null,
  });
}

/** Swagger UI's own component sets HTML, which Trusted Types refuse. Of Markdown, the descriptions use only `code`. */
const plainDescriptions: Plugin = () => ({
  wrapComponents: {
    Markdown:
      (_original, { React: { createElement } }) =>
      ({ source }) =>
        typeof source === "string"
          ? createElement(
              "p",
              { className: "renderedMarkdown" },
              ...codeParts(source).map(({ text, isCode }) => (isCode ? createElement("code", null, text) : text)),
            )
          : null,
  },
});

/** The page has a heading of its own. */
const noHeading: Plugin = () => ({ components: { InfoContainer: () => null } });

/** Swagger UI is dark inside an element of this class, whatever the browser prefers. */
function followColorScheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", apply);
  apply();
}
