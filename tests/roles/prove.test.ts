import { expect, test } from "vitest";
import { type Route, routes } from "../../cdk/routes/index.ts";
import type { Scenario } from "../support/scenario.ts";
import type { Cloud, GrantRef } from "./cloud.ts";
import type { Decision } from "./decisions.ts";
import { prove, type Result } from "./prove.ts";
import { key, Rehearsal } from "./rehearsal.ts";

const send = routes.find(({ name }) => name === "send") as Route;
/** A route with these two grants. */
const route: Route = { ...send, name: "whois", grants: send.grants.slice(0, 2) };
const [first, second] = [0, 1].map((index): GrantRef => ({ route: "whois", index }));
const addresses = { siteUrl: "", webSocketUrl: "", apiUrl: "" };

/** A cloud in which scenarios call `use`, which reports whether a grant allows the call. */
class FakeCloud implements Cloud {
  readonly addresses = addresses;
  readonly #removed = new Set<string>();
  #decisions: Decision[] = [];

  statement(grant: GrantRef) {
    return { role: "role", action: key(grant), resource: "table" };
  }

  async remove(grant: GrantRef) {
    this.#removed.add(key(grant));
  }

  async restore(grant: GrantRef) {
    this.#removed.delete(key(grant));
  }

  async decisions() {
    const decisions = this.#decisions;
    this.#decisions = [];
    return decisions;
  }

  use(grant = first): boolean {
    const allowed = !this.#removed.has(key(grant as GrantRef));
    this.#decisions.push({ ...this.statement(grant as GrantRef), at: Date.now(), keys: [], allowed });
    return allowed;
  }
}

const scenario = (name: string, steps: () => void | Promise<void>): Scenario => ({
  name,
  routes: ["whois"],
  run: async (_, signal) => {
    const aborted = new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    await Promise.race([steps(), aborted]);
  },
});

async function proven(cloud: FakeCloud, ...scenarios: Scenario[]): Promise<Omit<Result, "seconds">[]> {
  const results: Omit<Result, "seconds">[] = [];
  const rehearsal = new Rehearsal([route], scenarios);
  await rehearsal.run([cloud]);
  await prove([cloud], [route], rehearsal, ({ seconds: _, ...result }) => results.push(result));
  return results.sort((a, b) => a.index - b.index);
}

const demand = (allowed: boolean) => {
  if (!allowed) throw new Error("denied");
};

test("a grant is needed if a scenario fails without it; a grant that no scenario uses is superfluous", async () => {
  const cloud = new FakeCloud();
  expect(
    await proven(
      cloud,
      scenario("uses the first", () => demand(cloud.use(first))),
    ),
  ).toEqual([
    { ...first, failed: "uses the first", denied: true },
    { ...second, failed: undefined, denied: false },
  ]);
});

test("a grant is superfluous if every scenario passes although a call was denied", async () => {
  const cloud = new FakeCloud();
  const tolerant = scenario("tolerates a denial", () => {
    cloud.use(first);
  });
  const slow = scenario("continues after a denial", async () => {
    cloud.use(first);
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  const [result] = await proven(cloud, tolerant, slow);
  expect(result).toEqual({ ...first, failed: undefined, denied: true });
});

test.each([
  ["known", true],
  ["unknown, because a function caches what it read", false],
])(
  "a scenario that continues long after a tolerated denial is not taken for a failure: first use %s",
  async (_, isRead) => {
    const cloud = new FakeCloud();
    let runs = 0;
    const slow = scenario("continues for long", async () => {
      if (runs++ > 0 || isRead) cloud.use(first);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    });
    const [result] = await proven(cloud, slow);
    expect(result).toEqual({ ...first, failed: undefined, denied: true });
  },
);

test("a scenario that is slower without the grant than rehearsed, but as slow with it, is given more time", async () => {
  const cloud = new FakeCloud();
  let runs = 0;
  const slow = scenario("slows down", async () => {
    cloud.use(first);
    await new Promise((resolve) => setTimeout(resolve, runs++ === 0 ? 600 : 1_800));
  });
  const [result] = await proven(cloud, slow);
  expect(result).toEqual({ ...first, failed: undefined, denied: true });
});

test("a scenario that waits forever after a denial is aborted and counts as failed", async () => {
  const cloud = new FakeCloud();
  const waits = scenario("waits for an answer", () => (cloud.use(first) ? undefined : new Promise<void>(() => {})));
  const [result] = await proven(cloud, waits);
  expect(result).toEqual({ ...first, failed: "waits for an answer", denied: true });
});

test("a grant is tried with other scenarios while one that uses it still passes", async () => {
  const cloud = new FakeCloud();
  const tolerant = scenario("tolerates a denial", () => {
    cloud.use(first);
  });
  const strict = scenario("needs the answer", async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    demand(cloud.use(first));
  });
  const [result] = await proven(cloud, tolerant, strict);
  expect(result).toEqual({ ...first, failed: "needs the answer", denied: true });
});

test("a failure without a denial proves nothing", async () => {
  const cloud = new FakeCloud();
  let runs = 0;
  const flaky = scenario("fails by itself", () => demand(++runs === 1));
  await expect(proven(cloud, flaky)).rejects.toThrow(/another reason .* is removed: fails by itself/);
});

test("scenarios that use the grant come first, quick ones before slow ones, and those of other routes never", async () => {
  const cloud = new FakeCloud();
  const after =
    (ms: number, grant = first) =>
    async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      cloud.use(grant);
    };
  const other = { ...scenario("of another route", after(0)), routes: ["send"] };
  const rehearsal = new Rehearsal(
    [route],
    [scenario("slow", after(60)), scenario("does not use it", after(0, second)), scenario("quick", after(10)), other],
  );
  for (const each of [...(await rehearsal.candidates(first as GrantRef))]) await rehearsal.rehearse(cloud, each);
  const names = (await rehearsal.candidates(first as GrantRef)).map(({ name }) => name);
  expect(names).toEqual(["quick", "slow", "does not use it"]);
});

test("the rehearsal stops once a scenario is known for each grant", async () => {
  const cloud = new FakeCloud();
  const uses = (name: string) =>
    scenario(name, () => {
      cloud.use(first);
      cloud.use(second);
    });
  const rehearsed = await new Rehearsal([route], [uses("one"), uses("two")]).run([cloud]);
  expect(rehearsed.map(({ scenario }) => scenario.name)).toEqual(["one"]);
});

test("a scenario that fails once with all grants in place, as a function restarts, is run again; a broken one is not for ever", async () => {
  const cloud = new FakeCloud();
  const failing = (times: number) => {
    let runs = 0;
    return scenario(`fails ${times} times`, () => {
      if (++runs <= times) throw new Error("restarting");
      demand(cloud.use(first) && cloud.use(second));
    });
  };
  const name = "fails 2 times";
  expect((await proven(cloud, failing(2))).map(({ failed }) => failed)).toEqual([name, name]);
  await expect(proven(cloud, failing(3))).rejects.toThrow(
    "This scenario fails with all grants in place: fails 3 times",
  );
});
