// Reads the part of Markdown that messages use: code, bold, italic, strikethrough, quotes and lists. Everything else stays
// text as it was written: headings, tables, HTML, and links with a text of their own, which could hide where they lead.
import { Lexer, type Token, Tokenizer, type Tokens } from "marked";
import { linkify, type Piece } from "./links.ts";
import { mentionPattern } from "./mentions.ts";

export type Inline =
  | { kind: "text" | "mention"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em" | "del"; children: Inline[] };

export type Block =
  | { kind: "text"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "quote"; children: Block[] }
  | { kind: "list"; ordered: boolean; start: number; items: Block[][] };

// Around the index of an address or a mention while the rest is parsed: they contain characters that mark up text.
const [OPEN, CLOSE] = ["\uE000", "\uE001"];
const placeholders = new RegExp(`${OPEN}(\\d+)${CLOSE}`);

/** A text without any of these is plain. */
const markup = /[*_~`>+\-\\]|\d[.)]/;

/** An address, a mention, or the text around them. */
interface Part extends Piece {
  isMention?: boolean;
}

/** `names` are those that the text mentions. Never fails: a text that cannot be parsed, such as one with thousands of nested quotes, is one block of plain text. */
export function parseMarkdown(text: string, names: readonly string[] = []): Block[] {
  const parts = partsOf(text, mentionPattern(names));
  const plain: Block[] = [{ kind: "text", children: parts.map(toInline) }];
  if (!markup.test(text) || text.includes(OPEN) || text.includes(CLOSE)) return plain;
  const masked = parts.map((part, at) => (isPlain(part) ? part.text : `${OPEN}${at}${CLOSE}`)).join("");
  try {
    return new Reader(parts).blocks(new Lexer({ gfm: true, tokenizer: new MessageTokenizer() }).lex(masked));
  } catch {
    return plain;
  }
}

function partsOf(text: string, mentions: RegExp | undefined): Part[] {
  return linkify(text).flatMap((piece): Part[] => {
    if (piece.href !== undefined || !mentions) return [piece];
    const found = piece.text.match(mentions) ?? [];
    const around = piece.text.split(mentions).map((text): Part => ({ text }));
    return around.flatMap((part, at) => [
      part,
      ...(at < found.length ? [{ text: found[at] ?? "", isMention: true }] : []),
    ]);
  });
}

function isPlain({ href, isMention }: Part): boolean {
  return href === undefined && !isMention;
}

const ignore = () => undefined;

class MessageTokenizer extends Tokenizer {
  override code = ignore;
  override heading = ignore;
  override lheading = ignore;
  override hr = ignore;
  override html = ignore;
  override def = ignore;
  override table = ignore;
  override tag = ignore;
  override link = ignore;
  override reflink = ignore;
  override autolink = ignore;
  override url = ignore;
  override br = ignore;

  /** Without the line after it, which Markdown would count as quoted too. */
  override blockquote(src: string): Tokens.Blockquote | undefined {
    const quoted = /^(?: {0,3}>[^\n]*(?:\n|$))+/.exec(src);
    return quoted ? super.blockquote(quoted[0]) : undefined;
  }

  /** Not within a word, as in 2*3*4. */
  override emStrong(src: string, maskedSrc: string, prevChar = ""): Tokens.Em | Tokens.Strong | undefined {
    return /[\p{L}\p{N}]/u.test(prevChar) ? undefined : super.emStrong(src, maskedSrc, prevChar);
  }

  /** Not with a single ~, which also means "about". */
  override del(src: string, maskedSrc: string, prevChar?: string): Tokens.Del | undefined {
    return src.startsWith("~~") ? super.del(src, maskedSrc, prevChar) : undefined;
  }
}

/** Turns the parser's tokens into blocks, with the addresses in their places. */
class Reader {
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  blocks(tokens: readonly Token[]): Block[] {
    const blocks: Block[] = [];
    for (const token of tokens) {
      const block = this.#block(token);
      const before = blocks.at(-1);
      // Paragraphs keep the blank lines between them, as plain text does.
      if (block.kind === "text" && before?.kind === "text") before.children.push(...block.children);
      else blocks.push(block);
    }
    return blocks.map(trimBlankLines).filter((block) => block.kind !== "text" || block.children.length > 0);
  }

  #block(token: Token): Block {
    switch (token.type) {
      case "code":
        return { kind: "code", text: this.#text((token as Tokens.Code).text) };
      case "blockquote":
        return { kind: "quote", children: this.blocks(token.tokens ?? []) };
      case "list": {
        const { ordered, start, items } = token as Tokens.List;
        const read = items.map((item) => this.blocks(item.tokens));
        // A dash or a number on its own is no list.
        if (read.every((item) => item.length === 0)) break;
        return { kind: "list", ordered, start: start === "" ? 1 : start, items: read };
      }
      case "paragraph":
      case "text":
        return { kind: "text", children: this.#inlines(token) };
    }
    return { kind: "text", children: this.#split(token.raw) };
  }

  #inlines(token: Token): Inline[] {
    return "tokens" in token && token.tokens
      ? token.tokens.flatMap((each) => this.#inline(each))
      : this.#split(token.raw);
  }

  #inline(token: Token): Inline[] {
    switch (token.type) {
      case "codespan":
        return [{ kind: "code", text: this.#text((token as Tokens.Codespan).text) }];
      case "strong":
      case "em":
      case "del":
        return [{ kind: token.type, children: this.#inlines(token) }];
      case "escape":
        return [{ kind: "text", text: (token as Tokens.Escape).text }];
      default:
        return this.#split(token.raw);
    }
  }

  #split(text: string): Inline[] {
    return text.split(placeholders).flatMap((part, at) => {
      if (at % 2 === 1) return toInline(this.#parts[Number(part)] ?? { text: part });
      return part ? { kind: "text", text: part } : [];
    });
  }

  #text(text: string): string {
    return text.replaceAll(new RegExp(placeholders, "g"), (_, index) => this.#parts[Number(index)]?.text ?? "");
  }
}

function toInline({ text, href, isMention }: Part): Inline {
  if (href !== undefined) return { kind: "link", text, href };
  return { kind: isMention ? "mention" : "text", text };
}

/** Blank lines next to a list, a quote or code are space that the style has already. */
function trimBlankLines(block: Block, at: number, { length }: readonly Block[]): Block {
  if (block.kind !== "text" || length === 1) return block;
  const children = [...block.children];
  const [first, last] = [children[0], children.at(-1)];
  if (at > 0 && first?.kind === "text") children[0] = { kind: "text", text: first.text.replace(/^\s*\n/, "") };
  const end = children.length - 1;
  if (at < length - 1 && last?.kind === "text") {
    const { text = "" } = children[end] as { text?: string };
    children[end] = { kind: "text", text: text.replace(/\s+$/, "") };
  }
  return { kind: "text", children: children.filter((child) => child.kind !== "text" || child.text !== "") };
}
