// The setting `bots`: what is valid, and what becomes of it.
import { expect, test } from "vitest";
import { type AnswersBotSetting, type BotSetting, botsOf, bundleBots, type LexBotSetting } from "../bots-setting.ts";
import { stages, validateStage } from "../stages.ts";
import { routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const bot = (settings: Partial<AnswersBotSetting> = {}): BotSetting => ({
  name: "concierge",
  kind: "answers",
  ...settings,
});
const lexBot = (settings: Partial<LexBotSetting> = {}): BotSetting => ({
  name: "hotel",
  kind: "lex",
  botId: "A1B2C3D4E5",
  aliasId: "TSTALIASID",
  ...settings,
});
const validated = (...bots: BotSetting[]) => validateStage({ ...stages.dev, bots });

test("a bot's title and file follow from its name unless they are set", () => {
  expect(botsOf(validated(bot()))).toEqual([
    { name: "concierge", kind: "answers", title: "Concierge", file: "bots/concierge.json" },
  ]);
  const other = bot({ name: "front-desk", title: "The desk", file: "bots/concierge.json" });
  expect(botsOf(validated(bot(), other))[1]).toEqual(other);
});

test("a Lex bot speaks American English in the stage's Region unless its setting says otherwise", () => {
  expect(botsOf(validated(lexBot()))).toEqual([{ title: "Hotel", localeId: "en_US", ...lexBot() }]);
  const other = lexBot({ title: "Das Hotel", localeId: "de_DE", region: "eu-central-1" });
  expect(botsOf(validated(other))).toEqual([other]);
  expect(botsOf(validated(lexBot({ localeId: "es_419", region: "us-gov-west-1" })))).toHaveLength(1);
});

test.each([
  [bot({ name: "C" }), 'bots[0].name is "C"'],
  [bot({ name: "c" }), 'bots[0].name is "c"'],
  [bot({ name: "front--desk" }), "bots[0].name"],
  [bot({ name: "x".repeat(33) }), "bots[0].name"],
  [bot({ title: " Desk" }), 'bots[0].title is " Desk"'],
  [bot({ title: "x".repeat(33) }), "bots[0].title"],
  [bot({ title: "Front  Desk" }), "bots[0].title"],
  [bot({ title: "🤖" }), "bots[0].title"],
  [bot({ name: "admin" }), "bots[0].name"],
  [bot({ description: "" }), "bots[0].description"],
  [bot({ file: "bots/absent.json" }), 'bots[0].file is "bots/absent.json", which is no JSON file in this folder'],
  [bot({ file: "README.md" }), 'bots[0].file is "README.md", which is no JSON file'],
  [lexBot({ name: "H" }), 'bots[0].name is "H"'],
  [lexBot({ botId: "A1B2C3D4E" }), 'bots[0].botId is "A1B2C3D4E", but must have 10 letters and digits'],
  [lexBot({ botId: "*".repeat(10) }), "bots[0].botId"],
  [lexBot({ aliasId: "prod" }), 'bots[0].aliasId is "prod", but must have 10 letters and digits'],
  [lexBot({ localeId: "en-US" }), 'bots[0].localeId is "en-US", but must be like en_US'],
  [lexBot({ region: "Frankfurt" }), 'bots[0].region is "Frankfurt", but must be like eu-central-1'],
])("%j is rejected", (wrong, problem) => {
  expect(() => validated(wrong)).toThrow(`Stage "dev": ${problem}`);
});

test("a stage has at most ten bots, each with a name and a title of its own", () => {
  const file = "bots/concierge.json";
  const many = Array.from({ length: 11 }, (_, n) => bot({ name: `bot${n}`, file }));
  expect(validated(...many.slice(1)).bots).toHaveLength(10);
  expect(() => validated(...many)).toThrow("bots has 11 bots");
  expect(() => validated(bot(), bot())).toThrow('two bots named or titled "concierge"');
  expect(() => validated(bot(), bot({ name: "desk", title: "concierge", file }))).toThrow("two bots");
  expect(() => validated(bot(), bot({ name: "other", title: "Concierge", file }))).toThrow('or "Concierge"');
});

test("every function knows the bots' names and titles, and the page their descriptions, too", () => {
  const description = "Knows the house";
  const { template } = synthesize(validated(bot({ description })));
  for (const [route, { resource }] of routeFunctions(template)) {
    const { BOTS } = resource.Properties.Environment.Variables;
    expect(JSON.parse(BOTS), route).toEqual([{ name: "concierge", title: "Concierge" }]);
  }
  const settings = JSON.stringify(template.Outputs.PageSettings?.Value);
  expect(settings).toContain(
    JSON.stringify(JSON.stringify({ name: "concierge", title: "Concierge", description })).slice(1, -1),
  );
});

test("the bundle has each bot's file under its name", () => {
  const other = bot({ name: "front-desk", file: "bots/concierge.json" });
  const [folder, ...commands] = bundleBots(validated(other), "'/tmp/out put'");
  expect(folder).toBe("mkdir -p '/tmp/out put'/bots");
  expect(commands[0]).toMatch(/^cp '.*\/bots\/concierge\.json' '\/tmp\/out put'\/bots\/front-desk\.json$/);
  expect(bundleBots(stages.dev, "'/tmp/out'")).toEqual([]);
});
