import { expect, test } from "vitest";
import { type Block, type Inline, parseMarkdown } from "./markdown.ts";

const inline = (part: Inline): string => {
  if (part.kind === "text") return part.text;
  if (part.kind === "link") return `<a ${part.href}>${part.text}</a>`;
  const content = "text" in part ? part.text : part.children.map(inline).join("");
  return `<${part.kind}>${content}</${part.kind}>`;
};
const block = (part: Block): string => {
  if (part.kind === "text") return part.children.map(inline).join("");
  if (part.kind === "code") return `<pre>${part.text}</pre>`;
  if (part.kind === "quote") return `<quote>${part.children.map(block).join("")}</quote>`;
  const items = part.items.map((item) => `<li>${item.map(block).join("")}</li>`).join("");
  return part.ordered ? `<ol ${part.start}>${items}</ol>` : `<ul>${items}</ul>`;
};
const shown = (text: string) => parseMarkdown(text).map(block).join("");

test.each([
  ["a **b** and __c__", "a <strong>b</strong> and <strong>c</strong>"],
  ["*a* and _b_", "<em>a</em> and <em>b</em>"],
  ["~~a~~", "<del>a</del>"],
  ["***a***", "<em><strong>a</strong></em>"],
  ["`a * b` and ``c`d``", "<code>a * b</code> and <code>c`d</code>"],
  ["```js\nconst a;\n\n  b\n```\nafter", "<pre>const a;\n\n  b</pre>after"],
  ["before\n> a\n> b\n\nafter", "before<quote>a\nb</quote>after"],
  ["> a\nafter", "<quote>a</quote>after"],
  ["- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"],
  ["3. a\n4. b\n\nafter", "<ol 3><li>a</li><li>b</li></ol>after"],
  ["> - **a**", "<quote><ul><li><strong>a</strong></li></ul></quote>"],
  ["\\*a\\*", "*a*"],
])("%j is formatted", (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test.each([
  "one\n\n\n  two  \nthree\\\n\tfour",
  "snake_case_name and 2*3*4",
  "~5 to ~10",
  "# a\na\n===\n***\n---",
  "| a | b |\n|---|---|\n| 1 | 2 |",
  "[a](https:x) ![b](c) [d][e]\n\n[e]: f",
  "<b>a</b> <!-- c --> &amp; &lt;",
  "    a",
  "-",
  "1.",
  "* * *",
  "-1 +1 1.5 2024",
  "a \uE0000\uE001 **b**",
])("%j stays as it was written", (text) => {
  expect(shown(text)).toBe(text);
});

test("addresses stay whole, and are text within code", () => {
  const address = "https://example.org/_a_*b*~~c~~";
  expect(shown(`_${address}/d_`)).toBe(`<em><a ${address}/d>${address}/d</a></em>`);
  expect(shown(`\`${address}/d\` **x**`)).toBe(`<code>${address}/d</code> <strong>x</strong>`);
  expect(shown(`\`\`\`\n${address}/d\n\`\`\``)).toBe(`<pre>${address}/d</pre>`);
});

test("mentions stay whole, and are text within code and addresses", () => {
  const shown = (text: string) => parseMarkdown(text, ["Ada", "_B_ *C*", "room"]).map(block).join("");
  expect(shown("@Ada and @Adam")).toBe("<mention>@Ada</mention> and @Adam");
  expect(shown("- **@Ada**, _@_B_ *C*_")).toBe(
    "<ul><li><strong><mention>@Ada</mention></strong>, <em><mention>@_B_ *C*</mention></em></li></ul>",
  );
  expect(shown("`@Ada` @room")).toBe("<code>@Ada</code> <mention>@room</mention>");
  expect(shown("https://example.org/@Ada *x*")).toBe(
    "<a https://example.org/@Ada>https://example.org/@Ada</a> <em>x</em>",
  );
});

test.each([">", "> - ", "1. ", "- ", "*a ", "_", "**a*", "`a``", "~~a", "[", "\\", "![a](", "<a "])(
  "a text of many %j is shown, however deep it nests",
  (part) => {
    const text = part.repeat(4000 / part.length);
    expect(shown(text).length).toBeGreaterThan(0);
  },
);
