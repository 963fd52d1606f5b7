// What a stage has for its bots of the kind `bedrock`: a function and a role for each.
import { expect, test } from "vitest";
import { type BedrockBotSetting, type BotSetting, botsOf, bundleBots, profiledModel } from "../bots-setting.ts";
import { routesOf } from "../routes/index.ts";
import { stages, validateStage } from "../stages.ts";
import { ofType, permissions, referenced, render, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const librarian: BedrockBotSetting = { name: "librarian", kind: "bedrock", modelId: "eu.amazon.nova-lite-v1:0" };
const poet: BedrockBotSetting = {
  name: "poet",
  kind: "bedrock",
  modelId: "anthropic.claude-3-haiku-20240307-v1:0",
  prompt: "bots/librarian.md",
  region: "us-west-2",
  maxTokens: 300,
  contextMessages: 5,
  budgets: { person: 5_000 },
};
const stageWith = (...bots: BotSetting[]) => validateStage({ ...stages.prod, bots });

const all = stageWith(librarian, poet);
const { template } = synthesize(all);
const functions = routeFunctions(template);
const allowed = permissions(template);

const functionOf = (route: string) => {
  const found = functions.get(route);
  if (!found) throw new Error(`The route ${route} has no function`);
  return found;
};
const roleOf = (route: string) => referenced(functionOf(route).resource.Properties.Role);
const variablesOf = (route: string) => functionOf(route).resource.Properties.Environment.Variables;

test("each role may use exactly its own bot's model, a profile's only through it, and no other role any", () => {
  const arn = "arn:<AWS::Partition>:bedrock";
  const profile = `${arn}:<AWS::Region>:<AWS::AccountId>:inference-profile/eu.amazon.nova-lite-v1:0`;
  const may = (route: string) => `${roleOf(route)} may bedrock:InvokeModelWithResponseStream on`;
  expect(allowed.filter((line) => line.includes(" bedrock:"))).toEqual(
    [
      `${may("answer-librarian")} ${profile}`,
      `${may("answer-librarian")} ${arn}:*::foundation-model/amazon.nova-lite-v1:0 if {"StringEquals":{"bedrock:InferenceProfileArn":"${profile}"}}`,
      `${may("answer-poet")} ${arn}:us-west-2::foundation-model/anthropic.claude-3-haiku-20240307-v1:0`,
    ].sort(),
  );
});

test("a bot counts tokens in its own rows only", () => {
  const rows = allowed.filter((line) => line.includes("tokens#"));
  expect(rows).toHaveLength(2);
  for (const name of ["librarian", "poet"]) {
    const own = rows.filter((line) => line.startsWith(`${roleOf(`answer-${name}`)} may dynamodb:UpdateItem`));
    expect(own).toEqual([expect.stringContaining(`"dynamodb:LeadingKeys":"tokens#${name}#*"`)]);
  }
});

test("a Bedrock bot's role may do nothing else than the row of its function says", () => {
  const granted = (route: string) =>
    routesOf(all).flatMap(({ name, grants }) => (name === route ? grants.map(([action]) => action) : []));
  const others = ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"];
  for (const route of ["answer-librarian", "answer-poet"]) {
    const actions = allowed.filter((line) => line.startsWith(`${roleOf(route)} `)).map((line) => line.split(" ")[2]);
    expect(actions.sort()).toEqual([...granted(route), ...others].sort());
  }
});

test("besides the function that tells webhooks, `send` invokes each bot's, whose name it knows", () => {
  const invoking = allowed.filter((line) => line.includes("lambda:InvokeFunction") && !line.includes("SourceArn"));
  const names = ["answer-librarian", "answer-poet", "tell-hook"];
  expect(invoking).toEqual(
    names.map((name) => `${roleOf("send")} may lambda:InvokeFunction on <${functionOf(name).id}.Arn>`).sort(),
  );
  const { BOTS_FUNCTION_LIBRARIAN, BOTS_FUNCTION_POET } = variablesOf("send");
  expect([BOTS_FUNCTION_LIBRARIAN, BOTS_FUNCTION_POET].map(render)).toEqual(
    ["answer-librarian", "answer-poet"].map((name) => `<${functionOf(name).id}>`),
  );
});

test("a Bedrock bot's function has its setting with the defaults, and time for an answer, and is tried three times", () => {
  expect(JSON.parse(variablesOf("answer-librarian").BEDROCK_BOT)).toEqual({
    modelId: "eu.amazon.nova-lite-v1:0",
    maxTokens: 800,
    contextMessages: 20,
    budgets: { person: 50_000, room: 200_000, stage: 1_000_000 },
  });
  expect(JSON.parse(variablesOf("answer-poet").BEDROCK_BOT)).toEqual({
    modelId: "anthropic.claude-3-haiku-20240307-v1:0",
    region: "us-west-2",
    maxTokens: 300,
    contextMessages: 5,
    budgets: { person: 5_000, room: 200_000, stage: 1_000_000 },
  });
  expect(functionOf("answer-poet").resource.Properties.Timeout).toBe(60);
  const retried = ofType(template, "AWS::Lambda::EventInvokeConfig").map(([, { Properties }]) => Properties);
  const ids = ["answer-librarian", "answer-poet", "tell-hook"].map((name) => functionOf(name).id);
  expect(retried.map(({ FunctionName }) => referenced(FunctionName)).sort()).toEqual(ids.sort());
  for (const { MaximumRetryAttempts } of retried) expect(MaximumRetryAttempts).toBe(2);
});

test("the bundle has each bot's prompt under its name", () => {
  const [, ...commands] = bundleBots(all, "'/tmp/out'");
  expect(commands[0]).toMatch(/^cp '.*\/bots\/librarian\.md' '\/tmp\/out'\/bots\/librarian\.md$/);
  expect(commands[1]).toMatch(/^cp '.*\/bots\/librarian\.md' '\/tmp\/out'\/bots\/poet\.md$/);
});

test.each([
  ["eu.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"],
  ["global.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-haiku-4-5-20251001-v1:0"],
  ["us-gov.anthropic.claude-3-5-sonnet-20240620-v1:0", "anthropic.claude-3-5-sonnet-20240620-v1:0"],
  ["amazon.nova-lite-v1:0", undefined],
  ["deepseek.v3.1", undefined],
])("the model of %s is %s", (modelId, model) => {
  expect(profiledModel(modelId)).toBe(model);
  expect(botsOf(stageWith({ ...librarian, modelId }))).toHaveLength(1);
});

test.each([
  [{ modelId: "claude" }, 'modelId is "claude"'],
  [{ modelId: "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a" }, "modelId is"],
  [{ modelId: "anthropic.*" }, "modelId is"],
  [{ prompt: "bots/absent.md" }, 'prompt is "bots/absent.md", which is no file in this folder'],
  [{ prompt: "package-lock.json" }, "must have 1 to 8000 characters"],
  [{ maxTokens: 0 }, "maxTokens is 0, but must be 1 to 4000"],
  [{ maxTokens: 1.5 }, "maxTokens is 1.5"],
  [{ contextMessages: 51 }, "contextMessages is 51, but must be 0 to 50"],
  [{ budgets: { person: 1_599 } }, "budgets.person is 1599, but must be at least twice maxTokens"],
  [{ budgets: { stage: 0 } }, "budgets.stage is 0"],
  [{ region: "Frankfurt" }, 'region is "Frankfurt", but must be like eu-central-1'],
])("%j is rejected", (wrong, problem) => {
  expect(() => stageWith({ ...librarian, ...wrong })).toThrow(`Stage "prod": bots[0].`);
  expect(() => stageWith({ ...librarian, ...wrong })).toThrow(problem);
});
