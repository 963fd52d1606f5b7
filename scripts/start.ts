// `npm start`: Parlor on this machine, until Ctrl-C.
import { startLocalCloud } from "./local/cloud.ts";
import { Failure } from "./local/failure.ts";
import { instanceFromArgs } from "./local/instance.ts";
import { formatInvocation } from "./local/logs.ts";

export async function main(args: string[]): Promise<void> {
  const at = instanceFromArgs(args);
  const { siteUrl, webSocketUrl, apiUrl, ended } = await startLocalCloud(at, (json) => {
    for (const line of formatInvocation(json)) console.log(line);
  });
  console.log(`
Parlor is ready: ${siteUrl}

WebSocket        ${webSocketUrl}
API              ${apiUrl}
By hand          npx wscat -c ${webSocketUrl}

Ctrl-C ends it. Below is one line for each invocation of a function.
`);
  process.exitCode = 0;
  await ended;
  throw new Failure(`The local cloud ended by itself: its log, ${at.folder}/ministack.log, says why.`);
}
