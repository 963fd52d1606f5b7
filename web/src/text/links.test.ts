import { expect, test } from "vitest";
import { linkify } from "./links.ts";

const found = (text: string) => linkify(text).flatMap(({ href }) => href ?? []);

test("http, https and mailto addresses become links, in any case", () => {
  expect(found("HTTPS://Example.org/A http://b.example mailto:ada@example.org")).toEqual([
    "https://example.org/A",
    "http://b.example/",
    "mailto:ada@example.org",
  ]);
});

test("no other scheme becomes a link", () => {
  expect(found("javascript:alert(1) data:text/html,x file:///etc vbscript:x http:// mailto: www. www")).toEqual([]);
});

test("addresses without a scheme become links if they start with www. or are an e-mail address", () => {
  expect(found("www.example.org, WWW.example.org/a?b. (ada.l+x@mail.example.org) é@ü.example")).toEqual([
    "https://www.example.org/",
    "https://www.example.org/a?b",
    "mailto:ada.l+x@mail.example.org",
    "mailto:%C3%A9@%C3%BC.example",
  ]);
  expect(found("a@b @c.d e@ awww.example f@g.h@i http://j@k.example/l@m.n")).toEqual(["http://j@k.example/l@m.n"]);
});

test("a link ends before a backtick, which ends code", () => {
  expect(found("`https://example.org/a`")).toEqual(["https://example.org/a"]);
});

test("a link leaves out the punctuation around it", () => {
  expect(found("(see https://example.org/a).")).toEqual(["https://example.org/a"]);
  expect(found("(or https://example.org/a_(b)?c).")).toEqual(["https://example.org/a_(b)?c"]);
  expect(found("https://example.org/a_(b), and more")).toEqual(["https://example.org/a_(b)"]);
  expect(found('"https://example.org"!')).toEqual(["https://example.org/"]);
});

test("the pieces add up to the text", () => {
  const text = "a https://example.org/x, b <mailto:c@example.org> https://[ d\nhttps://e.example";
  expect(
    linkify(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test("a link ends before a direction override", () => {
  expect(found("https://example.org/\u202Egpj.exe")).toEqual(["https://example.org/"]);
});

test("trimming a very long address takes linear time", () => {
  const dots = ".".repeat(100_000);
  expect(found(`https://a/${dots}x${")".repeat(100_000)}`)).toEqual([`https://a/${dots}x`]);
  expect(found(`https://a/x${").".repeat(100_000)}`)).toEqual(["https://a/x"]);
});

test("a link ends before full-width punctuation, followed by text or not", () => {
  const address = "https://example.org/a";
  for (const mark of "、。，．：；！？）」』】》〉〕〗〙〛］｝｠｡､｣〜～／｜＂＇＆％＃＠＊＝〝〞〟︐︒﹐﹖・…‥“”‘’—") {
    expect(linkify(`見 ${address}${mark}`), mark).toEqual([
      { text: "見 " },
      { text: address, href: address },
      { text: mark },
    ]);
  }
  for (const mark of "、。，．：；！？）」』】》〉〕］｝｡､｣〜～／｜﹐") {
    expect(found(`${address}${mark}謝謝`), mark).toEqual([address]);
    expect(found(`${address}${mark}https://example.org/b`), mark).toEqual([address, "https://example.org/b"]);
  }
  expect(found("（https://example.org/b）です")).toEqual(["https://example.org/b"]);
  expect(found("「https://example.org/(b)」、")).toEqual(["https://example.org/(b)"]);
});

test("punctuation of other scripts also ends a link", () => {
  for (const mark of "،؛؟۔।॥։።၊។᠃·»›⟩") {
    expect(found(`https://example.org/a${mark}`), mark).toEqual(["https://example.org/a"]);
  }
});

test("an international address is one link, shown as it was typed", () => {
  for (const host of [
    "bücher.example",
    "例え.テスト",
    "佐々木.example",
    "ラーメン・屋.example",
    "пример.испытание",
    "παράδειγμα.δοκιμή",
    "مثال.إختبار",
    "उदाहरण.परीक्षा",
    "실례.테스트",
    "l·l.example",
    "நகர்.example",
  ]) {
    const address = `https://${host}/ö/路?q=東京#é`;
    expect(linkify(`(${address}).`), host).toEqual([
      { text: "(" },
      { text: address, href: new URL(address).href },
      { text: ")." },
    ]);
  }
  expect(found("https://ja.wikipedia.org/wiki/〆切。")).toEqual([new URL("https://ja.wikipedia.org/wiki/〆切").href]);
});
