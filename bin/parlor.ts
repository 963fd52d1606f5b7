// The CDK app's entry point: reads the stage's settings and creates its stack.
import { App } from "aws-cdk-lib";
import { ParlorStack } from "../cdk/stack.ts";
import { readStage, SettingError } from "../cdk/stages.ts";

// The tests check the templates with cfn-lint and cdk-nag. The built-in validation would add seconds to every deployment.
const app = new App({ builtinCloudFormationValidation: false });
try {
  const context = (name: string) => app.node.tryGetContext(name);
  const stage = readStage(context("stage"), {
    port: context("port"),
    issuer: context("issuer"),
    origin: context("origin"),
    without: context("without"),
    tables: context("tables"),
  });
  new ParlorStack(app, `parlor-${stage.name}`, stage);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
