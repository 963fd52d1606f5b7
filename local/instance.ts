// One local cloud, identified by its port: where it keeps its files and how the AWS tools reach it.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Capability } from "../cdk/routes/capabilities.ts";
import { Failure } from "./failure.ts";
import { venvBin } from "./venv.ts";

const defaultPort = 4566;

/** Advice for failures that the kept state may have caused. */
export const startOver = "`npm start -- --fresh` starts over without the kept rooms.";

export interface Instance {
  readonly port: number;
  readonly endpoint: string;
  /** `.parlor` for the default port, `.parlor/<port>` for any other, so that instances share no files. */
  readonly folder: string;
  /** The identity provider that the deployed stage trusts, if any. */
  readonly issuer?: string;
  /** The origin of another site whose pages may connect, if any. */
  readonly origin?: string;
  /** What the deployed stage does without. */
  readonly without?: readonly Capability[];
  /** `kept`: loads the saved state and saves it again; `fresh`: deletes it first. Unless set, nothing is loaded or saved. */
  readonly state?: "kept" | "fresh";
  /** The environment of the AWS tools, MiniStack and the functions. Points to this cloud, never to an AWS account or a proxy. */
  readonly env: NodeJS.ProcessEnv;
}

/** The variables of this process that are passed on. */
const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|XDG_\w+|PYTHONUTF8|PARLOR_\w+)$/;

export function instance(port = defaultPort): Instance {
  const endpoint = `http://localhost:${port}`;
  return {
    port,
    endpoint,
    folder: port === defaultPort ? ".parlor" : join(".parlor", String(port)),
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED.test(name))),
      PATH: `${venvBin}:${process.env.PATH}`,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "us-east-1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      // Takes several seconds, and the tests lint the template anyway.
      CDK_VALIDATION: "false",
      // Otherwise the CDK reports its use to AWS, checks for updates and writes into the home folder.
      CDK_DISABLE_CLI_TELEMETRY: "true",
      CDK_DISABLE_VERSION_CHECK: "true",
      CDK_HOME: resolve(".parlor/cdk"),
    },
  };
}

/** Returns the instance for `--port N`, or the default one. */
export function instanceFromArgs(args: string[]): Instance {
  const { values } = parseArgs({ args, options: { port: { type: "string" } } });
  return instance(portFrom(values.port));
}

/** Parses the value of `--port`, if given. */
export function portFrom(option: string | undefined): number | undefined {
  if (option === undefined) return undefined;
  const port = Number(option);
  if (!Number.isInteger(port) || port < 1024 || port > 65535) {
    throw new Failure(`\`--port ${option}\` is not a port: give a number from 1024 to 65535.`);
  }
  return port;
}
