import { expect, test } from "vitest";
import { isQuiet, isTime } from "./quiet-hours.ts";

const at = (hours: number, minutes = 0) => new Date(2025, 5, 10, hours, minutes).getTime();

test("quiet hours end just before their second time, also on the next day", () => {
  const night = { from: "22:00", to: "07:30" };
  for (const moment of [at(22), at(23, 59), at(0), at(7, 29)]) expect(isQuiet(night, moment)).toBe(true);
  for (const moment of [at(7, 30), at(12), at(21, 59)]) expect(isQuiet(night, moment)).toBe(false);
  const lunch = { from: "12:00", to: "13:00" };
  expect([at(11, 59), at(12), at(12, 59), at(13)].map((moment) => isQuiet(lunch, moment))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(isQuiet({ from: "09:00", to: "09:00" }, at(9))).toBe(false);
});

test("times of the day have two digits each", () => {
  for (const time of ["00:00", "09:05", "23:59"]) expect(isTime(time)).toBe(true);
  for (const time of ["", "24:00", "9:00", "09:60", "09:00:00"]) expect(isTime(time)).toBe(false);
});
