// One running local cloud, known by its port: where it keeps its files and how the AWS tools reach it.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Failure } from "./failure.ts";
import { venvBin } from "./venv.ts";

const defaultPort = 4566;

/** For failures that the kept state may have caused. */
export const startOver = "`npm start -- --fresh` starts over, without the rooms that were kept.";

export interface Instance {
  readonly port: number;
  readonly endpoint: string;
  /** `.parlor` for the default port, `.parlor/<port>` for any other, so that none overwrites another's files. */
  readonly folder: string;
  /** The identity provider that the deployed stage trusts, if any. */
  readonly issuer?: string;
  /** Whether what is in this cloud is there again at the next start, or also what was in it before. Unless set, neither. */
  readonly state?: "kept" | "fresh";
  /** Of the AWS tools, MiniStack and the functions: leads them to this cloud, and never to a real account or a proxy. */
  readonly env: NodeJS.ProcessEnv;
}

/** All that is passed on of this process's variables. */
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
      // Of the template, built into the CDK: several seconds, and the tests lint the template anyway.
      CDK_VALIDATION: "false",
      // It would report its use to AWS, look for a newer version, and write into the person's own folder.
      CDK_DISABLE_CLI_TELEMETRY: "true",
      CDK_DISABLE_VERSION_CHECK: "true",
      CDK_HOME: resolve(".parlor/cdk"),
    },
  };
}

/** The instance that `--port N` names, or the default one. */
export function instanceFromArgs(args: string[]): Instance {
  const { values } = parseArgs({ args, options: { port: { type: "string" } } });
  return instance(portFrom(values.port));
}

/** The port that an option `--port` gives, if any. */
export function portFrom(option: string | undefined): number | undefined {
  if (option === undefined) return undefined;
  const port = Number(option);
  if (!Number.isInteger(port) || port < 1024 || port > 65535) {
    throw new Failure(`\`--port ${option}\` is not a port: give a number from 1024 to 65535.`);
  }
  return port;
}
