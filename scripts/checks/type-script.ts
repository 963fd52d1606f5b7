// Checks of the TypeScript code, of generated files and of the stages' templates.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { PipelineStack } from "../../cdk/pipeline.ts";
import { stages } from "../../cdk/stages.ts";
import { synthesize } from "../../cdk/template/synthesize.ts";
import { cfnLint, installVenv, venvPython } from "../../local/venv.ts";
import type { Output, Report } from "./report.ts";

const bin = (name: string) => join("node_modules/.bin", name);

export async function typeScriptQuick(report: Report): Promise<void> {
  await report.check("TypeScript: types", ({ run }) => run(bin("tsc"), []));
  await report.check("TypeScript: lint and format", ({ run }) => run(bin("biome"), ["check", "--error-on-warnings"]));
  await report.check("TypeScript: unit tests", ({ run }) =>
    run(bin("vitest"), ["run", "--project", "unit", "--project", "stack"]),
  );
}

export async function typeScript(report: Report): Promise<void> {
  await typeScriptQuick(report);
  await report.check("CloudFormation: lint of every stage's template", lintTemplates);
}

export async function generated(report: Report): Promise<void> {
  await report.check("Generated files are up to date", ({ run }) =>
    run(process.execPath, ["scripts/run.mjs", "generate", "--check"]),
  );
}

/**
 * The template of every stage, of one with a user pool, of one with bots of all kinds and reviewers, of one with a budget and traces, of one
 * with a domain and its certificate, and of the roles with which GitHub deploys.
 */
function lintedTemplates(): [name: string, template: object][] {
  const lexBot = { name: "hotel", kind: "lex", botId: "A1B2C3D4E5", aliasId: "TSTALIASID" } as const;
  const librarian = { name: "librarian", kind: "bedrock", modelId: "eu.amazon.nova-lite-v1:0" } as const;
  const lambda = "arn:aws:lambda:eu-central-1:123456789012:function:review";
  const review = { words: ["en"], lambda, guardrail: { id: "abc123", version: "1" } };
  const sample = { name: "sample", kind: "lex", sample: "bots/lex/hotel.json" } as const;
  const domain = { name: "chat.example.org", zoneId: "Z0123456789ABCDEFGHIJ" };
  const monthlyBudget = { usd: 20, email: "ada@example.org" };
  const { app } = synthesize({ ...stages.prod, domain });
  const pipeline = new App({ builtinCloudFormationValidation: false });
  new PipelineStack(pipeline, "parlor-prod-pipeline", { stage: "prod", repository: "owner/name" });
  const others = [app, pipeline].flatMap((of) => of.synth().stacks);
  return [
    ...Object.values(stages).map((stage): [string, object] => [stage.name, synthesize(stage).template]),
    ["cognito", synthesize({ ...stages.prod, signIn: "cognito" }).template],
    [
      "bots",
      synthesize({ ...stages.prod, bots: [...(stages.local.bots ?? []), lexBot, sample, librarian], review }).template,
    ],
    ["traced", synthesize({ ...stages.prod, tracing: true, monthlyBudget }).template],
    ...others.map(({ id, template }): [string, object] => [id, template]),
  ];
}

async function lintTemplates({ run }: Output): Promise<void> {
  await installVenv();
  const folder = ".parlor/templates";
  await mkdir(folder, { recursive: true });
  const files = lintedTemplates().map(async ([name, template]) => {
    const file = join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify(template, undefined, 1));
    return file;
  });
  await run(venvPython, [...cfnLint, "--", ...(await Promise.all(files))]);
}
