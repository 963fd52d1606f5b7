// Synthesizes a stage's template without building functions or the page, for tests and comparisons.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { ParlorStack } from "../stack.ts";
import type { Stage } from "../stages.ts";

export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, { readonly Value: unknown }>;
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's shapes
  readonly Properties?: any;
  readonly [attribute: string]: unknown;
}

export function synthesize(stage: Stage): { app: App; stack: ParlorStack; template: Template } {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, "../../cdk.json"), "utf8"));
  const app = new App({
    context: { ...context, "aws:cdk:bundling-stacks": [] },
    builtinCloudFormationValidation: false,
  });
  const stack = new ParlorStack(app, `parlor-${stage.name}`, stage);
  return { app, stack, template: app.synth().getStackArtifact(stack.artifactId).template };
}

/** Returns the version of the CDK's bootstrap stack that deploying this stage needs. */
export function requiredBootstrap(stage: Stage): number {
  const { app, stack } = synthesize(stage);
  return app.synth().getStackArtifact(stack.artifactId).requiresBootstrapStackVersion ?? 1;
}
