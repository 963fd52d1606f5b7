// What the status of a stage's stack means for its next deployment.
import type { Stage } from "../../cdk/stages.ts";
import { type Finding, ok, problem, recoverable } from "./findings.ts";
import { stackName } from "./stage.ts";

const title = "Stack";

/** Statuses of a stack whose creation failed: it can only be deleted. */
const FAILED_CREATION = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"];

export const failedCreation = (status: string | undefined) => FAILED_CREATION.includes(status ?? "");

/** Whether the stack has been deployed before. CloudFormation calls a stack without resources `REVIEW_IN_PROGRESS`. */
export const isDeployed = (status: string | undefined) =>
  status !== undefined && status !== "REVIEW_IN_PROGRESS" && !failedCreation(status);

export function checkStack(stage: Stage, status: string | undefined): Finding {
  const name = stackName(stage);
  if (status === undefined || status === "REVIEW_IN_PROGRESS") {
    return ok(title, `${name} does not exist yet: this is its first deployment`);
  }
  if (failedCreation(status)) {
    return recoverable(
      title,
      `${name} is in ${status}, and such a stack can only be deleted: \`npm run deploy -- --stage ${stage.name}\` says why and asks.`,
    );
  }
  if (status === "UPDATE_ROLLBACK_FAILED" || status === "UPDATE_FAILED") {
    const command = status === "UPDATE_FAILED" ? "rollback-stack" : "continue-update-rollback";
    return problem(
      title,
      `${name} is in ${status}: solve what its events name (\`aws cloudformation describe-stack-events --stack-name ${name}\`), ` +
        `then run \`aws cloudformation ${command} --stack-name ${name}\`, and deploy again once it has finished.`,
    );
  }
  if (status.endsWith("_IN_PROGRESS")) {
    return problem(title, `${name} is in ${status}: wait until whatever is running has finished.`);
  }
  return ok(title, `${name} is in ${status}`);
}
