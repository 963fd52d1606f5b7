import { expect, onTestFinished, test, vi } from "vitest";
import { Countdown } from "../src/countdown.ts";
import { limits } from "../src/protocol.ts";
import { ServerClock } from "../src/server-clock.ts";
import { timing } from "../src/timing.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** `skewMs`: how far the server's clock is ahead. */
function started(skewMs: number, lastsMs: number) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const clock = new ServerClock();
  const heard = () => clock.heard(Date.now() + skewMs);
  heard();
  let ends = 0;
  let isCertain = true;
  const countdown = new Countdown(clock, { isCertain: () => isCertain, ended: () => void ends++ }, timing);
  const endsAt = clock.now + lastsMs;
  countdown.start(endsAt);
  return {
    countdown,
    heard,
    endsAt,
    ends: () => ends,
    become: (certain: boolean) => {
      isCertain = certain;
    },
  };
}

test.each([0, HOUR, -HOUR])("ends once, by the server's clock, if that is %i ms ahead", (skewMs) => {
  const { countdown, ends } = started(skewMs, 90 * SECOND);
  vi.advanceTimersByTime(90 * SECOND - 1);
  expect([ends(), countdown.isOver]).toEqual([0, false]);
  vi.advanceTimersByTime(1);
  expect([ends(), countdown.isOver]).toEqual([1, true]);
  vi.advanceTimersByTime(HOUR);
  expect(ends()).toBe(1);
});

test("waits for an end that is further away than a timer can count", () => {
  const { ends } = started(0, limits.mostSeconds * SECOND);
  expect(limits.mostSeconds * SECOND).toBeGreaterThan(2 ** 31);
  vi.advanceTimersByTime(limits.mostSeconds * SECOND - 1);
  expect(ends()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(ends()).toBe(1);
});

test("follows an end that is put off, brought forward or removed", () => {
  const { countdown, endsAt, ends } = started(0, 90 * SECOND);
  countdown.change(endsAt + HOUR);
  vi.advanceTimersByTime(90 * SECOND);
  countdown.change(undefined);
  vi.advanceTimersByTime(2 * HOUR);
  expect([ends(), countdown.isOver]).toEqual([0, false]);
  countdown.change(endsAt);
  vi.advanceTimersByTime(0);
  expect(ends()).toBe(1);
});

test("after the computer slept, ends only once the server has told its time again", () => {
  const { heard, ends } = started(0, 90 * SECOND);
  vi.setSystemTime(Date.now() + HOUR);
  vi.advanceTimersByTime(HOUR);
  expect(ends()).toBe(0);
  heard();
  vi.advanceTimersByTime(timing.checkMs);
  expect(ends()).toBe(1);
});

test("after the computer slept, another end does not stand for the server's time", () => {
  const { countdown, endsAt, heard, ends } = started(0, 90 * SECOND);
  vi.setSystemTime(Date.now() + HOUR);
  countdown.change(endsAt + SECOND);
  vi.advanceTimersByTime(HOUR);
  expect(ends()).toBe(0);
  heard();
  vi.advanceTimersByTime(timing.checkMs);
  expect(ends()).toBe(1);
});

test("does not end while its end is uncertain", () => {
  const { become, ends } = started(0, 90 * SECOND);
  become(false);
  vi.advanceTimersByTime(HOUR);
  expect(ends()).toBe(0);
  become(true);
  vi.advanceTimersByTime(timing.checkMs);
  expect(ends()).toBe(1);
});
