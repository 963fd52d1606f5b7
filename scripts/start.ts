// `npm start`: runs Parlor on this machine until Ctrl-C.
import { parseArgs } from "node:util";
import { startLocalCloud } from "../local/cloud.ts";
import { Failure } from "../local/failure.ts";
import { instance, portFrom } from "../local/instance.ts";
import { startIssuer } from "../local/issuer.ts";
import { formatInvocation } from "../local/logs.ts";

const options = {
  port: { type: "string" },
  fresh: { type: "boolean" },
  "sign-in": { type: "boolean" },
  site: { type: "string" },
} as const;

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const at = {
    ...instance(portFrom(values.port)),
    state: values.fresh ? "fresh" : "kept",
    ...(values["sign-in"] && { issuer: await startIssuer({ login: true }) }),
    ...(values.site && { issuer: values.site, origin: values.site }),
  } as const;
  const { siteUrl, webSocketUrl, apiUrl, ended } = await startLocalCloud(at, (json) => {
    for (const line of formatInvocation(json)) console.log(line);
  });
  console.log(`
Parlor is ready: ${siteUrl}

WebSocket        ${webSocketUrl}
API              ${apiUrl}
Try it           npx wscat -c ${webSocketUrl}

Ctrl-C stops it; rooms and people are kept for the next start. One line follows per function invocation.
`);
  process.exitCode = 0;
  await ended;
  throw new Failure(`The local cloud ended unexpectedly: see its log, ${at.folder}/ministack.log.`);
}
