// `npm start`: Parlor on this machine, until Ctrl-C.
import { parseArgs } from "node:util";
import { startLocalCloud } from "../local/cloud.ts";
import { Failure } from "../local/failure.ts";
import { instance, portFrom } from "../local/instance.ts";
import { formatInvocation } from "../local/logs.ts";

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { port: { type: "string" }, fresh: { type: "boolean" } } });
  const at = { ...instance(portFrom(values.port)), state: values.fresh ? "fresh" : "kept" } as const;
  const { siteUrl, webSocketUrl, apiUrl, ended } = await startLocalCloud(at, (json) => {
    for (const line of formatInvocation(json)) console.log(line);
  });
  console.log(`
Parlor is ready: ${siteUrl}

WebSocket        ${webSocketUrl}
API              ${apiUrl}
By hand          npx wscat -c ${webSocketUrl}

Ctrl-C ends it; rooms and people are there again at the next start. Below is one line for each invocation of a function.
`);
  process.exitCode = 0;
  await ended;
  throw new Failure(`The local cloud ended by itself: its log, ${at.folder}/ministack.log, says why.`);
}
