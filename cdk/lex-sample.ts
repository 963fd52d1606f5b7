// A bot of Amazon Lex V2 from a file: with a version, and an alias that leads to it.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnBot, CfnBotAlias, CfnBotVersion } from "aws-cdk-lib/aws-lex";
import { Construct } from "constructs";
import { inRepository, type LexSampleSetting, type PlacedLexBot } from "./bots-setting.ts";
import type { Stage } from "./stages.ts";

export class LexSample extends Construct {
  readonly place: Pick<PlacedLexBot, "botId" | "aliasId" | "localeId">;

  constructor(scope: Construct, id: string, stage: Stage, { name, description, sample }: LexSampleSetting) {
    super(scope, id);
    const json = readFileSync(inRepository(sample), "utf8");
    const locale = JSON.parse(json) as CfnBot.BotLocaleProperty;
    const { localeId } = locale;
    // Lex requires a role. Without speech, conversation logs and functions of its own, the bot uses none of its permissions.
    const role = new Role(this, "Role", {
      description: `Parlor ${stage.name}: the Lex bot ${name}`,
      assumedBy: new ServicePrincipal("lexv2.amazonaws.com"),
    });
    const bot = new CfnBot(this, "Bot", {
      name: `parlor-${stage.name}-${name}`,
      ...(description !== undefined && { description }),
      roleArn: role.roleArn,
      // Not typed, so named as in CloudFormation.
      dataPrivacy: { ChildDirected: false },
      idleSessionTtlInSeconds: 300,
      autoBuildBotLocales: true,
      botLocales: [locale],
    });
    // A version is made of the draft once, and never changes: another file needs another.
    const hash = createHash("sha256").update(json).digest("hex").slice(0, 8);
    const version = new CfnBotVersion(this, `Version${hash}`, {
      botId: bot.attrId,
      botVersionLocaleSpecification: [{ localeId, botVersionLocaleDetails: { sourceBotVersion: "DRAFT" } }],
    });
    const alias = new CfnBotAlias(this, "Alias", {
      botAliasName: "parlor",
      botId: bot.attrId,
      botVersion: version.attrBotVersion,
      botAliasLocaleSettings: [{ localeId, botAliasLocaleSetting: { enabled: true } }],
    });
    this.place = { botId: bot.attrId, aliasId: alias.attrBotAliasId, localeId };
  }
}
