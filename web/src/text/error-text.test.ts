import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ParlorError, type ParlorErrorCode } from "../../../client/src/index.ts";
import { refused, refusedName, refusedRoom, refusedText } from "./error-text.ts";

const schema = JSON.parse(readFileSync(new URL("../../../docs/protocol/schema.json", import.meta.url), "utf8"));
const codes: ParlorErrorCode[] = [...schema.$defs.ErrorCode.enum, "disconnected", "timeout"];
const SERVER = "the server's own words";

describe("what the page says", () => {
  test.each(codes)("of %s is a sentence of its own, wherever it happened", (code) => {
    const error = new ParlorError(code, SERVER, false);
    const said = [refused(error), refusedText(error), ...Object.values(refusedRoom(error, { name: "N", topic: "T" }))];
    for (const sentence of said) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(sentence).not.toContain(SERVER);
    }
  });

  test("of a code that a later server has, or an earlier page has kept, is a sentence too", () => {
    const error = new ParlorError("ofTheFuture" as ParlorErrorCode, SERVER, false);
    for (const sentence of [refused(error), refusedText(error)])
      expect(sentence).toMatch(/^Something went wrong\..*\.$/);
  });

  test("of anything else says nothing of where it came from", () => {
    expect(refused(new Error(SERVER))).not.toContain(SERVER);
  });

  test.each(["Admin", "❤️ Bot ❤️", "👩‍👧 Parlor", "Bot\u200E", "B0t"])(
    "of the name %j is that it is reserved",
    (name) => {
      expect(refusedName(name)).toContain("reserved");
    },
  );

  test.each(["Ada\u200Bx", "\u2800", "\u3164", "a\u2060b", "\u200E", "a\u200D", "A\u00ADda", "x\u{E0041}"])(
    "of the name %j is that it has what cannot be seen",
    (name) => {
      expect(refusedName(name)).toContain("cannot be seen");
    },
  );

  test("of a room is at the field that is to blame", () => {
    const invalid = new ParlorError("invalidField", SERVER, false);
    expect(refusedRoom(invalid, { name: "a\u200Bb", topic: "" })).toHaveProperty("name");
    expect(refusedRoom(invalid, { name: "ab", topic: "a\u200Bb" })).toHaveProperty("topic");
    expect(refusedRoom(invalid, { name: "ab", topic: "" })).toHaveProperty("name");
    expect(refusedRoom(new ParlorError("unavailable", SERVER, true), { name: "ab", topic: "" })).toHaveProperty("form");
  });
});
