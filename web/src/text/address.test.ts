import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";

const at = (address: string) => parseAddress(new URL(address, "https://parlor.example"));
const id = "0123456789abcdef";

describe("an address leads", () => {
  test.each(["/", "/index.html", "/?utm_source=x", "/#", "/#/", "/#top", "/?x#/"])("%s to the lobby", (address) => {
    expect(at(address)).toEqual({ view: "lobby" });
  });

  const junk = [
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
  test.each(junk)("#/rooms/ID%s to the room", (after) => {
    expect(at(`/#/rooms/${id}${after}`)).toEqual({ view: "room", roomId: id });
    expect(at(`/?fbclid=x#/rooms/${id}${after}`)).toEqual({ view: "room", roomId: id });
    expect(at(`/somewhere/#/rooms/${id}${after}`)).toEqual({ view: "room", roomId: id });
    expect(at(`/rooms/${id}${after}`)).toEqual({ view: "room", roomId: id });
  });

  test("#%2Frooms%2FID to the room", () => {
    expect(at(`/#%2Frooms%2F${id}`)).toEqual({ view: "room", roomId: id });
  });

  const wrong = [
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
  test.each(wrong)("%s nowhere", (address) => {
    expect(at(address)).toEqual({ view: "unknown" });
  });
});
