// The stages that can be deployed to an AWS account.
import { readStage, type Stage } from "../../cdk/stages.ts";
import { Failure } from "../../local/failure.ts";

/** Returns the settings of the stage that `--stage` names. */
export function stageFrom(name: string | undefined): Stage {
  if (name === undefined) throw new Failure("Name a stage: `--stage dev` or `--stage prod`.");
  if (name === "local") throw new Failure("The stage `local` runs on this machine only: start it with `npm start`.");
  try {
    return readStage(name);
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}

export const stackName = ({ name }: Stage) => `parlor-${name}`;
