// Runs the real `cdk bootstrap` and `cdk deploy` against the local cloud.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DeleteBucketPolicyCommand } from "@aws-sdk/client-s3";
import { cloudFormation, s3 } from "./clients.ts";
import { type Instance, startOver } from "./instance.ts";
import type { StackOutputs } from "./outputs.ts";
import { run } from "./processes.ts";

type OnLine = (line: string) => void;

const cdk = (at: Instance, onLine: OnLine, failure: string, ...args: string[]) =>
  run("node_modules/.bin/cdk", [...args, "--no-notices", "--no-color"], { env: at.env, onLine, failure });

const isBootstrapped = (at: Instance) =>
  cloudFormation(at)
    .send(new DescribeStacksCommand({ StackName: "CDKToolkit" }))
    .then(
      ({ Stacks }) => Stacks?.[0]?.StackStatus === "CREATE_COMPLETE",
      () => false,
    );

const assembly = (at: Instance) => join(at.folder, "cdk.out");

export async function bootstrap(at: Instance, onLine: OnLine): Promise<void> {
  if (!(await isBootstrapped(at))) {
    const failure = "`cdk bootstrap` failed: see the lines above.";
    await cdk(at, onLine, failure, "bootstrap", "--app", "", "aws://000000000000/us-east-1");
  }
  // Its policy denies plain HTTP, and the local cloud has no TLS.
  await s3(at).send(new DeleteBucketPolicyCommand({ Bucket: "cdk-hnb659fds-assets-000000000000-us-east-1" }));
}

/** Builds the handlers and writes the template. */
export async function synthesize(at: Instance, onLine: OnLine): Promise<void> {
  const failure = "The handlers or the stack could not be built: see the lines above.";
  const settings = {
    stage: "local",
    port: at.port,
    issuer: at.issuer ?? "",
    origin: at.origin ?? "",
    without: at.without?.join() ?? "",
  };
  const context = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // Cargo needs the full environment: proxy, Rust installation, linker.
  const building = { ...at, env: { ...process.env, ...at.env } };
  await cdk(building, onLine, failure, "synth", "--quiet", "--output", assembly(at), ...context);
}

export async function deploy(at: Instance, onLine: OnLine): Promise<StackOutputs> {
  const failure = `The deploy failed: see the lines above.${at.state === "kept" ? ` ${startOver}` : ""}`;
  const outputs = join(at.folder, "stack-outputs.json");
  const options = ["--all", "--require-approval=never", "--progress=events", "--outputs-file", outputs];
  await cdk(at, onLine, failure, "deploy", "--app", assembly(at), ...options);
  const [stack] = Object.values(JSON.parse(await readFile(outputs, "utf8")) as Record<string, StackOutputs>);
  if (!stack) throw new Error(`${outputs} contains no stack`);
  return stack;
}
