// What a stage has for its bots of the kind `lex`: a function and a role for each.
import { readFileSync } from "node:fs";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import type { BotSetting } from "../bots-setting.ts";
import { routesOf } from "../routes/index.ts";
import { stages, validateStage } from "../stages.ts";
import { ofType, permissions, referenced, render, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const hotel: BotSetting = { name: "hotel", kind: "lex", botId: "A1B2C3D4E5", aliasId: "TSTALIASID" };
const desk: BotSetting = {
  name: "front-desk",
  kind: "lex",
  botId: "F6G7H8I9J0",
  aliasId: "PRODALIAS1",
  localeId: "de_DE",
  region: "eu-central-1",
};
const concierge: BotSetting = { name: "concierge", kind: "answers" };
const stageWith = (...bots: BotSetting[]) => validateStage({ ...stages.prod, bots });

const all = stageWith(concierge, hotel, desk);
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

test("each role may use exactly its own bot's alias, and no other role any", () => {
  const account = "<AWS::AccountId>:bot-alias";
  expect(allowed.filter((line) => line.includes(" lex:"))).toEqual(
    [
      `${roleOf("answer-hotel")} may lex:RecognizeText on arn:<AWS::Partition>:lex:<AWS::Region>:${account}/A1B2C3D4E5/TSTALIASID`,
      `${roleOf("answer-front-desk")} may lex:RecognizeText on arn:<AWS::Partition>:lex:eu-central-1:${account}/F6G7H8I9J0/PRODALIAS1`,
    ].sort(),
  );
});

test("a Lex bot's role may do nothing else than the row of its function says", () => {
  const granted = (route: string) =>
    routesOf(all).flatMap(({ name, grants }) => (name === route ? grants.map(([action]) => action) : []));
  expect(granted("answer-hotel")).toEqual([...granted("answer"), "lex:RecognizeText"]);
  const others = ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"];
  const actions = allowed
    .filter((line) => line.startsWith(`${roleOf("answer-hotel")} `))
    .map((line) => line.split(" ")[2]);
  expect(actions.sort()).toEqual([...granted("answer-hotel"), ...others].sort());
});

test("`send`, and nothing else, invokes each bot's function, whose name it knows", () => {
  const asks = (line: string) => line.includes("lambda:InvokeFunction") && line.includes("<answer");
  const invoking = allowed.filter((line) => asks(line) && !line.includes("SourceArn"));
  const names = ["answer", "answer-hotel", "answer-front-desk"];
  expect(invoking).toEqual(
    names.map((name) => `${roleOf("send")} may lambda:InvokeFunction on <${functionOf(name).id}.Arn>`).sort(),
  );
  const { BOTS_FUNCTION, BOTS_FUNCTION_HOTEL, BOTS_FUNCTION_FRONT_DESK } = variablesOf("send");
  expect([BOTS_FUNCTION, BOTS_FUNCTION_HOTEL, BOTS_FUNCTION_FRONT_DESK].map(render)).toEqual(
    names.map((name) => `<${functionOf(name).id}>`),
  );
});

test("a Lex bot's function knows where its bot is, and is tried three times, then has the dead-letter queue", () => {
  expect(JSON.parse(variablesOf("answer-hotel").LEX_BOT)).toEqual({
    botId: "A1B2C3D4E5",
    aliasId: "TSTALIASID",
    localeId: "en_US",
  });
  expect(JSON.parse(variablesOf("answer-front-desk").LEX_BOT)).toEqual({
    botId: "F6G7H8I9J0",
    aliasId: "PRODALIAS1",
    localeId: "de_DE",
    region: "eu-central-1",
  });
  const retried = ofType(template, "AWS::Lambda::EventInvokeConfig").map(([, { Properties }]) => Properties);
  const ids = ["answer", "answer-hotel", "answer-front-desk", "tell-hook"].map((name) => functionOf(name).id);
  expect(retried.map(({ FunctionName }) => referenced(FunctionName)).sort()).toEqual(ids.sort());
  for (const { MaximumRetryAttempts } of retried) expect(MaximumRetryAttempts).toBe(2);
});

test("a stage whose bots are all of the kind lex has no function for files", () => {
  const { template: only } = synthesize(stageWith(hotel));
  expect([...routeFunctions(only).keys()].filter((route) => route.startsWith("answer"))).toEqual(["answer-hotel"]);
  const lines = permissions(only).filter((line) => line.includes("on <answer") && line.startsWith("send"));
  expect(lines).toHaveLength(1);
});

const sample: BotSetting = { name: "hotel", kind: "lex", sample: "bots/lex/hotel.json" };

test("a stage with a sample makes the bot, a version and an alias, and only its function may use that alias", () => {
  const { template: made } = synthesize(stageWith(sample));
  const only = (type: string) => {
    const [found, ...others] = ofType(made, type);
    expect(others).toEqual([]);
    if (!found) throw new Error(`No ${type}`);
    return found;
  };
  const [botId, bot] = only("AWS::Lex::Bot");
  const [versionId] = only("AWS::Lex::BotVersion");
  const [aliasId, alias] = only("AWS::Lex::BotAlias");
  const [locale] = bot.Properties.BotLocales;
  expect(bot.Properties).toMatchObject({ Name: "parlor-prod-hotel", DataPrivacy: { ChildDirected: false } });
  expect(locale.Intents.map(({ Name }: { Name: string }) => Name)).toEqual(["BookHotel", "Help", "FallbackIntent"]);
  // CloudFormation refuses a bot without it.
  expect(locale.Intents.at(-1).ParentIntentSignature).toBe("AMAZON.FallbackIntent");
  const [{ Slots, SlotPriorities }] = locale.Intents;
  expect(SlotPriorities.map(({ SlotName }: { SlotName: string }) => SlotName)).toEqual(
    Slots.map(({ Name }: { Name: string }) => Name),
  );
  expect(render(alias.Properties.BotVersion)).toBe(`<${versionId}.BotVersion>`);
  const place = `<${botId}.Id>/<${aliasId}.BotAliasId>`;
  const lex = permissions(made).filter((line) => line.includes(" lex:"));
  expect(lex).toEqual([expect.stringMatching(/^answerhotelRole\w+ may lex:RecognizeText on /)]);
  expect(lex[0]?.endsWith(`:bot-alias/${place}`)).toBe(true);
  const asked = routeFunctions(made).get("answer-hotel")?.resource.Properties.Environment.Variables.LEX_BOT;
  expect(render(asked)).toContain(`"botId":"<${botId}.Id>","aliasId":"<${aliasId}.BotAliasId>","localeId":"en_US"`);
  // The bot's own role may do nothing.
  const roleId = referenced(bot.Properties.RoleArn);
  expect(permissions(made).filter((line) => line.startsWith(`${roleId} `))).toEqual([]);
});

test("the sample has every property of its file, under CloudFormation's name", () => {
  const file = JSON.parse(readFileSync("bots/lex/hotel.json", "utf8"));
  const [[, bot] = []] = ofType(synthesize(stageWith(sample)).template, "AWS::Lex::Bot");
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named);
    if (typeof value !== "object" || value === null) return value;
    const upper = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [upper(key), named(each)]));
  };
  expect(bot?.Properties.BotLocales).toEqual([named(file)]);
});

test("a stage with a sample has no unacknowledged findings of cdk-nag", () => {
  const { app } = synthesize(stageWith(sample));
  expect(new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName)).toEqual([]);
});

test("a stage without a sample has nothing of Lex's, and the stage local refuses one", () => {
  expect(ofType(template, "AWS::Lex::Bot")).toEqual([]);
  expect(() => validateStage({ ...stages.local, bots: [sample] })).toThrow("the local cloud has no Lex");
  const absent = { ...sample, sample: "bots/lex/absent.json" } as const;
  expect(() => stageWith(absent)).toThrow('bots[0].sample is "bots/lex/absent.json", which is no JSON file');
});

test("what a Lex bot adds to a stage matches the snapshot", async () => {
  const { template: none } = synthesize(stageWith());
  const added = Object.entries(synthesize(stageWith(hotel)).template.Resources).filter(
    ([id]) => !(id in none.Resources),
  );
  const text = JSON.stringify(Object.fromEntries(added), null, 2).replace(/\b[0-9a-f]{64}\b/g, "<hash>");
  await expect(`${text}\n`).toMatchFileSnapshot("lex-bot.snap");
});
