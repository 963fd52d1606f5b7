// The CDK app's entry: reads the stage's settings and makes its stack.
import { App } from "aws-cdk-lib";
import { ParlorStack } from "../cdk/stack.ts";
import { readStage, SettingError } from "../cdk/stages.ts";

// The tests check the templates with cfn-lint and cdk-nag; the built-in validation would take seconds of every deploy.
const app = new App({ builtinCloudFormationValidation: false });
try {
  const context = (name: string) => app.node.tryGetContext(name);
  const stage = readStage(context("stage"), context("port"), context("issuer"));
  new ParlorStack(app, `parlor-${stage.name}`, stage);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
