// One running local cloud, known by its port: where it keeps its files and how the AWS tools reach it.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure } from "./failure.ts";
import { venvBin } from "./venv.ts";

const defaultPort = 4566;

export interface Instance {
  readonly port: number;
  readonly endpoint: string;
  /** `.parlor` for the default port, `.parlor/<port>` for any other, so that none overwrites another's files. */
  readonly folder: string;
  /** The identity provider that the deployed stage trusts, if any. */
  readonly issuer?: string;
  /** Leads the AWS tools to this cloud, and never to a real account. */
  readonly env: NodeJS.ProcessEnv;
}

export function instance(port = defaultPort): Instance {
  const endpoint = `http://localhost:${port}`;
  return {
    port,
    endpoint,
    folder: port === defaultPort ? ".parlor" : join(".parlor", String(port)),
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name))),
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
    },
  };
}

/** The instance that `--port N` names, or the default one. */
export function instanceFromArgs(args: string[]): Instance {
  const { values } = parseArgs({ args, options: { port: { type: "string" } } });
  if (values.port === undefined) return instance();
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65535) {
    throw new Failure(`\`--port ${values.port}\` is not a port: give a number from 1024 to 65535.`);
  }
  return instance(port);
}
