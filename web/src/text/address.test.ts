import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";

const at = (address: string) => parseAddress(new URL(address, "https://parlor.example"));
const id = "0123456789abcdef";

describe("an address", () => {
  test("a conversation is opened like a room", () => {
    expect(at(`/#/rooms/c-${id}`)).toEqual({ view: "room", roomId: `c-${id}` });
    expect(at(`/#/rooms/c-${id}/7`)).toEqual({ view: "room", roomId: `c-${id}`, seq: 7 });
  });

  const lobby = ["/", "/index.html", "/?utm_source=x", "/#", "/#/", "/#top", "/?x#/"];
  test.each(lobby)("%s opens the lobby", (address) => {
    expect(at(address)).toEqual({ view: "lobby" });
  });

  const suffixes = [
    "",
    "/",
    ".",
    ")",
    ",",
    "。",
    "）",
    "»",
    ">",
    "]",
    "*",
    "%29",
    "%20",
    "%",
    "?utm_source=x",
    "&x=y",
    "#",
    "\u200B",
  ];
  test.each(suffixes)("#/rooms/ID%s opens the room", (suffix) => {
    expect(at(`/#/rooms/${id}${suffix}`)).toEqual({ view: "room", roomId: id });
    expect(at(`/?fbclid=x#/rooms/${id}${suffix}`)).toEqual({ view: "room", roomId: id });
    expect(at(`/somewhere/#/rooms/${id}${suffix}`)).toEqual({ view: "room", roomId: id });
    expect(at(`/rooms/${id}${suffix}`)).toEqual({ view: "room", roomId: id });
  });

  test("#%2Frooms%2FID opens the room", () => {
    expect(at(`/#%2Frooms%2F${id}`)).toEqual({ view: "room", roomId: id });
  });

  test.each(["", "/", ".", ")", "%29", "?utm_source=x"])("#/rooms/ID/7%s opens the room at a message", (suffix) => {
    expect(at(`/#/rooms/${id}/7${suffix}`)).toEqual({ view: "room", roomId: id, seq: 7 });
    expect(at(`/rooms/${id}/7${suffix}`)).toEqual({ view: "room", roomId: id, seq: 7 });
  });

  test.each(["0", "-1", "7a", "1e3", "x", "1".repeat(16)])("#/rooms/ID/%s opens the room", (seq) => {
    expect(at(`/#/rooms/${id}/${seq}`)).toEqual({ view: "room", roomId: id });
  });

  const unknown = [
    "/#/rooms/",
    "/#/rooms/…",
    "/#/rooms/é",
    `/#/rooms/${"a".repeat(65)}`,
    "/rooms",
    "/rooms/)",
    "/x",
    "/a/b",
    "/#/x",
  ];
  test.each(unknown)("%s is unknown", (address) => {
    expect(at(address)).toEqual({ view: "unknown" });
  });
});
