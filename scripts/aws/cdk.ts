// Runs the CDK on one stage, in one Region of your account. Everything is built once, by `synthesize`.
import { join } from "node:path";
import type { Stage } from "../../cdk/stages.ts";
import { run } from "../../local/processes.ts";
import { venvBin } from "../../local/venv.ts";

type OnLine = (line: string) => void;

export const awsFolder = ({ name }: Stage) => join(".parlor", "aws", name);

/** The environment of all tools: the pinned cargo-lambda, and the Region in both variables that they read. */
export const toolEnvironment = (env: NodeJS.ProcessEnv, region: string): NodeJS.ProcessEnv => ({
  ...env,
  PATH: `${venvBin}:${env.PATH}`,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  CDK_DISABLE_CLI_TELEMETRY: "true",
  CDK_DISABLE_VERSION_CHECK: "true",
});

export function cdk(stage: Stage, env: NodeJS.ProcessEnv) {
  const assembly = join(awsFolder(stage), "cdk.out");
  const start = (args: string[], failure: string, onLine?: OnLine) =>
    run("node_modules/.bin/cdk", [...args, "--no-notices", "--no-color"], { env, failure, ...(onLine && { onLine }) });
  return {
    synthesize: (onLine: OnLine) =>
      start(
        ["synth", "--quiet", "--output", assembly, "-c", `stage=${stage.name}`],
        "The handlers, the page or the stack could not be built: see the lines above.",
        onLine,
      ),
    /** Returns what the comparison of the deployed stack with the built one prints. */
    async diff(onLine: OnLine): Promise<string> {
      const lines: string[] = [];
      const collect = (line: string) => {
        lines.push(line);
        onLine(line);
      };
      await start(["diff", "--app", assembly], "`cdk diff` failed: see the lines above.", collect);
      return `${lines.join("\n")}\n`;
    },
    /** Prints its progress. */
    deploy: () =>
      start(["deploy", "--app", assembly, "--require-approval=never"], "The deployment failed: see the lines above."),
  };
}
