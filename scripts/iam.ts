// `npm run iam`: lists each route's role: what it may do, on what, and why, as the template says.
import { parseArgs } from "node:util";
import { routesOf } from "../cdk/routes/index.ts";
import { readStage } from "../cdk/stages.ts";
import { permissionsByRoute } from "../cdk/template/route-permissions.ts";
import { synthesize } from "../cdk/template/synthesize.ts";
import { Failure } from "../local/failure.ts";

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { stage: { type: "string", default: "prod" } } });
  const settings = stage(values.stage);
  const rows = permissionsByRoute(synthesize(settings).template, routesOf(settings));
  const width = (text: (row: (typeof rows)[number]) => string) => Math.max(...rows.map((row) => text(row).length)) + 2;
  const on = ({ resource, keys }: (typeof rows)[number]) => (keys ? `${resource} ${keys}` : resource);
  const [action, resource] = [width((row) => row.action), width(on)];
  let shown = "";
  for (const row of rows) {
    if (row.route !== shown) console.log(`\n${row.route}, role ${row.role}`);
    shown = row.route;
    console.log(`  ${row.action.padEnd(action)}${on(row).padEnd(resource)}${row.reason}`);
  }
  console.log(`\n${rows.length} permissions of ${new Set(rows.map(({ role }) => role)).size} roles`);
}

function stage(name: string) {
  try {
    return readStage(name);
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}
