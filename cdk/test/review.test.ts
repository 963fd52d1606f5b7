// The setting `review`: what is valid, what becomes of it, and what the roles of its stage may do.
import { expect, test } from "vitest";
import { bundleWords, type ReviewSetting } from "../review-setting.ts";
import { stages, validateStage } from "../stages.ts";
import { permissions, referenced, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const lambda = "arn:aws:lambda:eu-central-1:123456789012:function:review:live";
const guardrail = { id: "abc123", version: "2" };
const validated = (review: ReviewSetting) => validateStage({ ...stages.prod, review });

test.each([
  [{}, "review has no reviewer"],
  [{ words: ["xx"] }, 'review.words[0] is "xx", but review/xx.txt cannot be read'],
  [{ words: ["cdk/test/bad-words.txt"] }, "review.words[0]: cdk/test/bad-words.txt, line 3: before the colon must be"],
  [{ lambda: "review" }, 'review.lambda is "review", but must be like arn:aws:lambda'],
  [{ guardrail: { ...guardrail, id: "A" } }, 'review.guardrail.id is "A"'],
  [{ guardrail: { ...guardrail, version: "0" } }, 'review.guardrail.version is "0"'],
  [{ words: ["en"], timeoutMs: 5_000 }, "review.timeoutMs is 5000, but must be a whole number from 50 to 3000"],
])("%j is rejected", (wrong, problem) => {
  expect(() => validated(wrong)).toThrow(`Stage "prod": ${problem}`);
});

test("the bundle has each list under its position", () => {
  const [folder, ...commands] = bundleWords({ review: { words: ["en", "review/de.txt"] } }, "'/tmp/out put'");
  expect(folder).toBe("mkdir -p '/tmp/out put'/review");
  expect(commands[0]).toMatch(/^cp '.*\/review\/en\.txt' '\/tmp\/out put'\/review\/0\.txt$/);
  expect(commands[1]).toMatch(/^cp '.*\/review\/de\.txt' '\/tmp\/out put'\/review\/1\.txt$/);
  expect(bundleWords({ review: { lambda } }, "'/tmp/out'")).toEqual([]);
  expect(bundleWords({}, "'/tmp/out'")).toEqual([]);
});

const { template } = synthesize(validated({ words: ["en"], lambda, guardrail }));
const functions = routeFunctions(template);
const allowed = permissions(template);
const roleOf = (route: string) => referenced(functions.get(route)?.resource.Properties.Role);

test("the functions that record texts, and no others, may invoke exactly this function and apply exactly this guardrail", () => {
  const reviewing = ["edit", "post-hook", "send"];
  const invoking = allowed.filter((line) => line.includes("lambda:InvokeFunction") && line.includes(":function:"));
  expect(invoking).toEqual(reviewing.map((route) => `${roleOf(route)} may lambda:InvokeFunction on ${lambda}`).sort());
  const arn = "arn:<AWS::Partition>:bedrock:<AWS::Region>:<AWS::AccountId>:guardrail/abc123";
  expect(allowed.filter((line) => line.includes("bedrock:"))).toEqual(
    reviewing.map((route) => `${roleOf(route)} may bedrock:ApplyGuardrail on ${arn}`).sort(),
  );
});

test("every function knows the reviewers, and the page whether rooms are reviewed", () => {
  for (const [route, { resource }] of functions) {
    expect(JSON.parse(resource.Properties.Environment.Variables.REVIEW), route).toEqual({
      words: ["0"],
      lambda,
      guardrail,
      timeoutMs: 500,
      onFailure: "hold",
      required: false,
    });
  }
  expect(JSON.stringify(template.Outputs.PageSettings?.Value)).toContain("offered");
});

test("a stage without reviewers holds nothing, and can still decide about and delete what waits", () => {
  const { template: none } = synthesize(stages.prod);
  const held = permissions(none).filter((line) => line.includes("held#"));
  const roles = ["clear-room", "erase-me", "list-held", "moderate", "sweep"].map((route) =>
    referenced(routeFunctions(none).get(route)?.resource.Properties.Role),
  );
  expect(held.filter((line) => line.includes("PutItem"))).toEqual([]);
  expect([...new Set(held.map((line) => line.split(" ")[0]))].sort()).toEqual(roles.sort());
});

test("a stage without moderation has no review, which may hold messages", () => {
  const setting = { ...stages.dev, review: { words: ["en"] }, without: ["moderation"] as const };
  expect(() => validateStage(setting)).toThrow('Stage "dev": review needs moderators');
});
