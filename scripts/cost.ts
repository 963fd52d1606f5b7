// `npm run cost`: estimates what a stage costs in a month.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { stageFrom } from "./aws/stage.ts";
import { DAYS, estimate, total, type Usage } from "./cost/estimate.ts";
import { asOf, prices, regionFrom, unconfirmed } from "./cost/prices.ts";
import { dollars, fargate, ivsChat, stream, usual, withSection } from "./cost/table.ts";
import { documentPath } from "./cost/units.ts";

export async function main(args: string[]): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: {
      people: text,
      "messages-per-day": text,
      "room-size": text,
      "hours-per-day": text,
      region: text,
      stage: { type: "string", default: "prod" },
      write: { type: "boolean" },
    },
  });
  if (values.write) {
    writeFileSync(documentPath, withSection(readFileSync(documentPath, "utf8")));
    console.log("docs/costs.md has the table as it is now.");
    return;
  }
  const { monitoring, keepsData } = stageFrom(values.stage);
  print({
    people: number("people", values.people, usual.people, 10_000_000),
    messagesPerDay: number("messages-per-day", values["messages-per-day"], usual.messagesPerDay, 100_000),
    roomSize: Math.max(1, number("room-size", values["room-size"], usual.roomSize, 1_000)),
    hoursPerDay: number("hours-per-day", values["hours-per-day"], usual.hoursPerDay, 24),
    region: regionFrom(values.region ?? usual.region),
    monitored: monitoring !== undefined,
    keepsData,
  });
}

function number(option: string, text: string | undefined, standard: number, most: number): number {
  const value = text === undefined ? standard : Number(text || Number.NaN);
  if (value >= 0 && value <= most) return value;
  throw new Failure(`\`--${option} ${text}\` must be a number from 0 to ${most}.`);
}

const names: Record<string, string> = {
  webSocketMessages: "WebSocket messages, both ways",
  connectionMinutes: "connection minutes",
  httpRequests: "HTTP requests",
  invocations: "invocations",
  gigabyteSeconds: "GB-seconds of functions",
  writeUnits: "write units",
  readUnits: "read units",
  tableGigabytes: "GB of tables",
  recoveryGigabytes: "GB of point-in-time recovery",
  logGigabytes: "GB of logs",
  secrets: "secrets",
  edgeRequests: "requests to CloudFront",
  edgeFunctions: "CloudFront functions",
  edgeGigabytes: "GB from CloudFront",
  monitoring: "dashboard, alarms and metrics",
};

function print(usage: Usage): void {
  const { people, messagesPerDay, roomSize, hoursPerDay, region } = usage;
  const items = estimate(usage);
  const messages = people * messagesPerDay * DAYS;
  console.log(
    `${people} people, each in a room with ${roomSize - 1} others for ${hoursPerDay} hours a day, writing ${messagesPerDay} messages. ` +
      `A month of ${DAYS} days in ${region}, public prices as known on ${asOf}, no free tier:\n`,
  );
  const rows = items.map(({ unit, amount, dollars: price }) => {
    const listed = prices[unit];
    const each = listed ? `× ${listed[region]} per ${listed.per.toLocaleString("en-US")}` : "";
    const mark = unconfirmed(region).includes(unit) ? " *" : "";
    return [names[unit] ?? unit, amount.toLocaleString("en-US", { maximumFractionDigits: 2 }), each + mark, price];
  });
  const show = (name: unknown, amount: unknown, price: unknown, sum: number) =>
    console.log(
      `${String(name).padEnd(32)}${String(amount).padStart(16)}  ${String(price).padEnd(28)}$${sum.toFixed(2).padStart(10)}`,
    );
  for (const [name, amount, price, sum] of rows) show(name, amount, price, Number(sum));
  const sum = total(items);
  show("together", "", "", sum);
  if (messages > 0) console.log(`\n$${((sum / messages) * 1000).toFixed(2)} per thousand messages.`);
  console.log(
    `Next to it: Amazon IVS Chat $${dollars(ivsChat(usage))}, Stream $${dollars(stream(usage))}, a Fargate server without database $${dollars(fargate(region))}. docs/costs.md says what is in these.`,
  );
  if (unconfirmed(region).length > 0) {
    console.log(
      "* The last price that we know. AWS's: `aws pricing get-products --region us-east-1 --service-code AmazonApiGateway " +
        `--filters Type=TERM_MATCH,Field=regionCode,Value=${region}\`; correct it in scripts/cost/prices.json.`,
    );
  }
}
