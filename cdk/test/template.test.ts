// The whole template for AWS: snapshots for review, and general rules.
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { stages } from "../stages.ts";
import { ofType, permissions, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const prod = synthesize(stages.prod).template;

test("the permissions match the snapshot", async () => {
  await expect(`${permissions(prod).join("\n")}\n`).toMatchFileSnapshot("permissions.snap");
});

test("the template matches the snapshot", async () => {
  const text = JSON.stringify(prod, null, 2).replace(/\b[0-9a-f]{64}\b/g, "<hash>");
  await expect(`${text}\n`).toMatchFileSnapshot("template.snap");
});

const { bots = [] } = stages.local;
const prodWithBots = { ...stages.prod, bots };

const lexBot = { name: "hotel", kind: "lex", botId: "A1B2C3D4E5", aliasId: "TSTALIASID" } as const;
const prodWithLexBot = { ...stages.prod, bots: [...bots, lexBot] };

const prodWithTraces = { ...prodWithBots, tracing: true, monthlyBudget: { usd: 20, email: "ada@example.org" } };

describe.each([stages.dev, stages.prod, prodWithBots, prodWithLexBot, prodWithTraces])(
  "$name with $bots.length bots, tracing $tracing",
  (stage) => {
    const { app, template } = synthesize(stage);

    test("has no unacknowledged findings of cdk-nag", () => {
      const findings = new AwsSolutionsChecks().validateScope(app).violations;
      expect(findings.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual([]);
    });

    test("builds one ARM64 binary that all routes share", () => {
      const functions = [...routeFunctions(template).values()].map(({ resource }) => resource.Properties);
      expect(new Set(functions.map(({ Code }) => JSON.stringify(Code))).size).toBe(1);
      for (const { Architectures, Runtime } of functions) {
        expect({ Architectures, Runtime }).toEqual({ Architectures: ["arm64"], Runtime: "provided.al2023" });
      }
    });

    test("keeps logs as long as the stage's setting says", () => {
      for (const [, { Properties }] of ofType(template, "AWS::Logs::LogGroup")) {
        expect(Properties.RetentionInDays).toBe(stage.logRetention);
      }
    });

    test("gives resources no fixed names, so that one account can contain two copies", () => {
      const named = Object.values(template.Resources).filter(({ Properties }) =>
        ["TableName", "FunctionName", "RoleName", "BucketName", "LogGroupName"].some((name) => Properties?.[name]),
      );
      expect(
        named.filter(
          ({ Type }) =>
            !["Custom::CDKBucketDeployment", "AWS::Lambda::Permission", "AWS::Lambda::EventInvokeConfig"].includes(
              Type,
            ),
        ),
      ).toEqual([]);
    });
  },
);
