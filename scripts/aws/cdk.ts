// Runs the CDK on one stage, in one Region of your account. Everything is built once, by `synthesize`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Stage } from "../../cdk/stages.ts";
import { run } from "../../local/processes.ts";
import { venvBin } from "../../local/venv.ts";
import { stackName } from "./stage.ts";

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

function startCdk(args: string[], env: NodeJS.ProcessEnv, failure: string, onLine?: OnLine): Promise<void> {
  const all = [...args, "--no-notices", "--no-color"];
  return run("node_modules/.bin/cdk", all, { env, failure, ...(onLine && { onLine }) });
}

/** Deploys a stack that was synthesized, and those that it needs. Prints its progress. */
export const deployAssembly = (assembly: string, name: string, env: NodeJS.ProcessEnv) =>
  startCdk(
    ["deploy", name, "--app", assembly, "--require-approval=never"],
    env,
    "The deployment failed: see the lines above.",
  );

/** Returns the commit of this folder. Undefined if files differ from it. */
function commit(): string | undefined {
  const git = (...args: string[]) => spawnSync("git", args, { encoding: "utf8" });
  const { status, stdout } = git("status", "--porcelain");
  return status === 0 && stdout === "" ? git("rev-parse", "HEAD").stdout.trim() : undefined;
}

export function cdk(stage: Stage, env: NodeJS.ProcessEnv) {
  const assembly = join(awsFolder(stage), "cdk.out");
  const start = (args: string[], failure: string, onLine?: OnLine) => startCdk(args, env, failure, onLine);
  const current = commit();
  return {
    synthesize: (onLine: OnLine) =>
      start(
        [
          ...["synth", "--quiet", "--output", assembly, "-c", `stage=${stage.name}`],
          ...(current ? ["-c", `commit=${current}`] : []),
        ],
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
      await start(["diff", stackName(stage), "--app", assembly], "`cdk diff` failed: see the lines above.", collect);
      return `${lines.join("\n")}\n`;
    },
    deploy: () => deployAssembly(assembly, stackName(stage), env),
  };
}
