import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ParlorError, type ParlorErrorCode } from "../../../client/src/index.ts";
import { errorText, messageErrorText, nameErrorText, roomFormErrors } from "./error-text.ts";

const schema = JSON.parse(readFileSync(new URL("../../../docs/protocol/schema.json", import.meta.url), "utf8"));
const codes: ParlorErrorCode[] = [...schema.$defs.ErrorCode.enum, "disconnected", "timeout"];
const SERVER_MESSAGE = "the server's own message";

describe("the text", () => {
  test.each(codes)("for %s is a sentence of the page's own, in every context", (code) => {
    const error = new ParlorError(code, SERVER_MESSAGE, false);
    const texts = [
      errorText(error),
      messageErrorText(error),
      ...Object.values(roomFormErrors(error, { name: "N", topic: "T" })),
    ];
    for (const sentence of texts) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(sentence).not.toContain(SERVER_MESSAGE);
    }
  });

  test("for an unknown code, from a later server or a stored outbox entry, is a general sentence", () => {
    const error = new ParlorError("ofTheFuture" as ParlorErrorCode, SERVER_MESSAGE, false);
    for (const sentence of [errorText(error), messageErrorText(error)])
      expect(sentence).toMatch(/^Something went wrong\..*\.$/);
  });

  test("for any other error hides its message", () => {
    expect(errorText(new Error(SERVER_MESSAGE))).not.toContain(SERVER_MESSAGE);
  });

  test.each(["Admin", "❤️ Bot ❤️", "👩‍👧 Parlor", "Bot\u200E", "B0t"])(
    "for the name %j says that it is reserved",
    (name) => {
      expect(nameErrorText(name)).toContain("reserved");
    },
  );

  test.each(["Ada\u200Bx", "\u2800", "\u3164", "a\u2060b", "\u200E", "a\u200D", "A\u00ADda", "x\u{E0041}"])(
    "for the name %j says that it has invisible characters",
    (name) => {
      expect(nameErrorText(name)).toContain("invisible characters");
    },
  );

  test("for a refused room belongs to the field that caused it", () => {
    const invalid = new ParlorError("invalidField", SERVER_MESSAGE, false);
    expect(roomFormErrors(invalid, { name: "a\u200Bb", topic: "" })).toHaveProperty("name");
    expect(roomFormErrors(invalid, { name: "ab", topic: "a\u200Bb" })).toHaveProperty("topic");
    expect(roomFormErrors(invalid, { name: "ab", topic: "" })).toHaveProperty("name");
    expect(
      roomFormErrors(new ParlorError("unavailable", SERVER_MESSAGE, true), { name: "ab", topic: "" }),
    ).toHaveProperty("form");
  });
});
