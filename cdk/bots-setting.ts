// The setting of a stage that lists its bots.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SettingError } from "./setting-error.ts";

/** A bot that anybody can talk to directly, and that answers in the rooms whose owner allows it. */
export type BotSetting = AnswersBotSetting | LexBotSetting | BedrockBotSetting;

interface Named {
  /** Its handle, and the end of its id: 2 to 32 lower-case letters and digits, with single `-` between them. */
  readonly name: string;
  /** The name that people see. Defaults to `name` with a capital letter. */
  readonly title?: string;
  /** What it is for, for owners of rooms. */
  readonly description?: string;
}

/** A bot that says what a file has for it. */
export interface AnswersBotSetting extends Named {
  readonly kind: "answers";
  /** Its answers, in this folder (docs/bots.md). Defaults to `bots/<name>.json`. */
  readonly file?: string;
}

/** A bot of Amazon Lex V2 in the stage's account: one that exists, or a sample that the stack makes. */
export type LexBotSetting = ExistingLexBotSetting | LexSampleSetting;

export interface ExistingLexBotSetting extends Named {
  readonly kind: "lex";
  readonly botId: string;
  readonly aliasId: string;
  /** Defaults to `en_US`. */
  readonly localeId?: string;
  /** Defaults to the stage's. Lex is not in every Region. */
  readonly region?: string;
}

export interface LexSampleSetting extends Named {
  readonly kind: "lex";
  /** A file in this folder with one locale: its intents, slots and prompts, as CloudFormation has them (docs/bots.md). */
  readonly sample: string;
}

/** A bot for which a model of Amazon Bedrock answers. */
export interface BedrockBotSetting extends Named {
  readonly kind: "bedrock";
  /** The id of a foundation model, or of an inference profile of AWS, such as `eu.amazon.nova-lite-v1:0`. */
  readonly modelId: string;
  /** What the model is told about itself, in this folder. Defaults to `bots/<name>.md`. */
  readonly prompt?: string;
  /** Where requests go. Defaults to the stage's. */
  readonly region?: string;
  /** Tokens of an answer, at most. Defaults to 800. */
  readonly maxTokens?: number;
  /** Messages before the question that the model gets, at most. Defaults to 20. */
  readonly contextMessages?: number;
  /** Tokens a day (UTC), input and output together. Default to 50,000, 200,000 and 1,000,000. */
  readonly budgets?: Partial<Budgets>;
}

export interface Budgets {
  readonly person: number;
  readonly room: number;
  readonly stage: number;
}

/** A bot with the defaults filled in. */
export type Bot = AnswersBot | LexBot | BedrockBot;
export type AnswersBot = AnswersBotSetting & Required<Pick<AnswersBotSetting, "title" | "file">>;
export type LexBot = Required<Pick<Named, "title">> & (PlacedLexBot | LexSampleSetting);
/** Where a Lex bot is. */
export type PlacedLexBot = ExistingLexBotSetting & Required<Pick<ExistingLexBotSetting, "localeId">>;
export type BedrockBot = BedrockBotSetting &
  Required<Pick<BedrockBotSetting, "title" | "prompt" | "maxTokens" | "contextMessages">> & {
    readonly budgets: Budgets;
  };

export interface BotSettings {
  /** The stage's name. */
  readonly name: string;
  readonly bots?: readonly BotSetting[];
}

const MOST = 10;
/** Characters of a prompt. */
const PROMPT = 8_000;
/** Handles that nobody may have: handlers/protocol/src/names.rs. */
const RESERVED = ["parlor", "system", "admin", "moderator", "bot"];
const root = join(import.meta.dirname, "..");

export const botsOf = ({ bots = [] }: Pick<BotSettings, "bots">): readonly Bot[] => bots.map(withDefaults);

function withDefaults(bot: BotSetting): Bot {
  const title = bot.name.charAt(0).toUpperCase() + bot.name.slice(1);
  switch (bot.kind) {
    case "answers":
      return { title, file: `bots/${bot.name}.json`, ...bot };
    case "lex":
      return { title, ...("sample" in bot ? bot : { localeId: "en_US", ...bot }) };
    case "bedrock": {
      const budgets = { person: 50_000, room: 200_000, stage: 1_000_000, ...bot.budgets };
      return { title, prompt: `bots/${bot.name}.md`, maxTokens: 800, contextMessages: 20, ...bot, budgets };
    }
  }
}

export const answersBotsOf = (settings: Pick<BotSettings, "bots">): readonly AnswersBot[] =>
  botsOf(settings).filter((bot) => bot.kind === "answers");

export const lexBotsOf = (settings: Pick<BotSettings, "bots">): readonly LexBot[] =>
  botsOf(settings).filter((bot) => bot.kind === "lex");

export const bedrockBotsOf = (settings: Pick<BotSettings, "bots">): readonly BedrockBot[] =>
  botsOf(settings).filter((bot) => bot.kind === "bedrock");

/** The bots as functions read them. */
export const botsVariable = (settings: Pick<BotSettings, "bots">): string =>
  JSON.stringify(botsOf(settings).map(({ name, title }) => ({ name, title })));

/** Throws `SettingError` if a bot is invalid. */
export function validateBots({ name: stage, bots = [] }: BotSettings): void {
  const wrong = (problem: string) => new SettingError(`Stage "${stage}": ${problem}`);
  if (bots.length > MOST) throw wrong(`bots has ${bots.length} bots, but may have at most ${MOST}.`);
  const all = botsOf({ bots });
  for (const [at, bot] of all.entries()) {
    const { name, title, description } = bot;
    if (!/^(?=.{2,32}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
      throw wrong(
        `bots[${at}].name is "${name}", but must have 2 to 32 lower-case letters and digits, with single - between them.`,
      );
    }
    if (RESERVED.includes(name)) throw wrong(`bots[${at}].name is "${name}", which no handle may be.`);
    const called = [name, title.toLowerCase()];
    const isTwice = all.some(
      (other, before) => before < at && [other.name, other.title.toLowerCase()].some((each) => called.includes(each)),
    );
    if (isTwice) throw wrong(`bots has two bots named or titled "${name}" or "${title}".`);
    if (!/^(?=.*[\p{L}\p{N}])(?!.*\s{2})\S(.{0,30}\S)?$/u.test(title)) {
      throw wrong(
        `bots[${at}].title is "${title}", but must have 1 to 32 characters, among them a letter or digit, with single spaces.`,
      );
    }
    if (description !== undefined && !/^\S(.{0,198}\S)?$/u.test(description)) {
      throw wrong(`bots[${at}].description must have 1 to 200 characters, without spaces around them.`);
    }
    const problem = problemOf(bot, stage);
    if (problem) throw wrong(`bots[${at}].${problem}.`);
  }
}

function problemOf(bot: Bot, stage: string): string | undefined {
  switch (bot.kind) {
    case "answers":
      return fileProblem("file", bot.file);
    case "lex":
      return "sample" in bot ? sampleProblem(bot, stage) : lexProblem(bot);
    case "bedrock":
      return bedrockProblem(bot);
  }
}

function sampleProblem(bot: LexSampleSetting, stage: string): string | undefined {
  if (stage === "local") return "sample cannot be made: the local cloud has no Lex";
  if ("botId" in bot) return "sample is of a bot that the stack makes, so botId must be absent";
  return fileProblem("sample", bot.sample);
}

/** Returns the path of a file in this folder. */
export const inRepository = (file: string): string => join(root, file);

function fileProblem(field: string, file: string): string | undefined {
  try {
    JSON.parse(readFileSync(inRepository(file), "utf8"));
    return undefined;
  } catch (error) {
    return `${field} is "${file}", which is no JSON file in this folder: ${(error as Error).message}`;
  }
}

/** The forms of the ids are those of Lex's API, `TSTALIASID` included, the alias with which Lex tests a bot. */
function lexProblem({ botId, aliasId, localeId, region }: PlacedLexBot): string | undefined {
  const id = /^[0-9A-Za-z]{10}$/;
  if (!id.test(botId)) return `botId is "${botId}", but must have 10 letters and digits`;
  if (!id.test(aliasId)) return `aliasId is "${aliasId}", but must have 10 letters and digits`;
  if (!/^[a-z]{2,3}_[A-Z0-9]{2,3}$/.test(localeId)) return `localeId is "${localeId}", but must be like en_US`;
  return regionProblem(region);
}

/** Of the forms of `modelId` in Bedrock's API, those whose ARNs follow from them. */
function bedrockProblem(bot: BedrockBot): string | undefined {
  const { modelId, prompt, region, maxTokens, contextMessages, budgets } = bot;
  if (!/^(?=.{1,140}$)[a-z0-9-]+(\.[a-z0-9-]+)+(:[a-z0-9]+)*$/.test(modelId)) {
    return `modelId is "${modelId}", but must be the id of a foundation model or an inference profile, like eu.amazon.nova-lite-v1:0`;
  }
  const within = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!within(maxTokens, 1, 4_000)) return `maxTokens is ${maxTokens}, but must be 1 to 4000`;
  if (!within(contextMessages, 0, 50)) return `contextMessages is ${contextMessages}, but must be 0 to 50`;
  for (const [of, tokens] of Object.entries(budgets)) {
    if (!["person", "room", "stage"].includes(of)) return `budgets.${of} is not known`;
    if (!within(tokens, 2 * maxTokens, 1e12)) return `budgets.${of} is ${tokens}, but must be at least twice maxTokens`;
  }
  return promptProblem(prompt) ?? regionProblem(region);
}

function promptProblem(prompt: string): string | undefined {
  try {
    const { length } = readFileSync(inRepository(prompt), "utf8").trim();
    return length >= 1 && length <= PROMPT
      ? undefined
      : `prompt is "${prompt}", which must have 1 to ${PROMPT} characters`;
  } catch (error) {
    return `prompt is "${prompt}", which is no file in this folder: ${(error as Error).message}`;
  }
}

function regionProblem(region?: string): string | undefined {
  if (region === undefined || /^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return undefined;
  return `region is "${region}", but must be like eu-central-1`;
}

/** The foundation model of an inference profile of AWS, which is named after both; undefined for a foundation model. */
export const profiledModel = (modelId: string): string | undefined =>
  /^(?:global|us|us-gov|eu|apac|jp|au|ca|sa|me|in|uk)\.(.+\..+)$/.exec(modelId)?.[1];

/** The shell commands that add the bots' answers and prompts to the bundle. `folder` is quoted for the shell. */
export function bundleBots(settings: Pick<BotSettings, "bots">, folder: string): string[] {
  const answers = answersBotsOf(settings).map(({ name, file }) => [file, `${name}.json`] as const);
  const prompts = bedrockBotsOf(settings).map(({ name, prompt }) => [prompt, `${name}.md`] as const);
  const files = [...answers, ...prompts];
  if (files.length === 0) return [];
  const copies = files.map(([file, as]) => `cp ${quoted(inRepository(file))} ${folder}/bots/${as}`);
  // Lambda runs as a different user.
  return [`mkdir -p ${folder}/bots`, ...copies, `chmod -R a+rX ${folder}/bots`];
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
