// The table of monthly costs in docs/costs.md, next to others' public prices.
import { DAYS, estimate, total, type Usage } from "./estimate.ts";
import { asOf, others, priceOf, prices, type Region, unconfirmed } from "./prices.ts";

/** What `npm run cost` estimates unless told otherwise: the stage `prod`. */
export const usual: Usage = {
  people: 100,
  messagesPerDay: 10,
  roomSize: 20,
  hoursPerDay: 2,
  region: "us-east-1",
  monitored: true,
  keepsData: true,
};

const HOURS = DAYS * 24;
/** A server with a load balancer, which needs two addresses, and one address of its own. */
const server = { processors: 1, gigabytes: 2, addresses: 3 };

export function fargate(region: Region): number {
  return (
    priceOf("fargateProcessorHours", HOURS * server.processors, region) +
    priceOf("fargateGigabyteHours", HOURS * server.gigabytes, region) +
    priceOf("loadBalancerHours", HOURS, region) +
    priceOf("publicAddressHours", HOURS * server.addresses, region)
  );
}

export function ivsChat({ people, messagesPerDay, roomSize }: Usage): number {
  const sent = people * messagesPerDay * DAYS;
  return (sent * others.ivsChat.perThousandSent + sent * roomSize * others.ivsChat.perThousandDelivered) / 1000;
}

/** Undefined if the plan with a public price does not cover so many people. */
export function stream({ people }: Usage): number | undefined {
  if (people === 0) return 0;
  return people <= others.stream.people ? others.stream.perMonth : undefined;
}

/** Writes cents below ten dollars. */
export function dollars(amount: number | undefined): string {
  if (amount === undefined) return "–";
  return amount < 10 ? amount.toFixed(2) : Math.round(amount).toLocaleString("en-US");
}

const page = (unit: string, name: string) => `[${name}](${prices[unit]?.page})`;

const seen = (region: Region) =>
  `${Object.keys(prices).length - unconfirmed(region).length} of ${Object.keys(prices).length}`;

/** Returns what is between the markers in docs/costs.md. */
export function section(): string {
  const rows = [0, 100, 1_000, 10_000].map((people) => {
    const usage = { ...usual, people, ...(people === 0 && { hoursPerDay: 0 }) };
    const here = (region: Region) => dollars(total(estimate({ ...usage, region })));
    const cells = [
      people === 0 ? "nobody" : people.toLocaleString("en-US"),
      (people * usual.messagesPerDay * DAYS).toLocaleString("en-US"),
      here("us-east-1"),
      here("eu-central-1"),
      dollars(ivsChat(usage)),
      dollars(stream(usage)),
      dollars(fargate("us-east-1")),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const { ivsChat: ivs, stream: plan } = others;
  return `
Dollars per month for \`prod\`, with monitoring and backups, at public prices as we knew them on ${asOf}: first tier, no free tier, no taxes. Everyone comes every day for ${usual.hoursPerDay} hours, writes ${usual.messagesPerDay} messages, and is in one public room with ${usual.roomSize - 1} others who are there at the same time.

| people | messages | Parlor, us-east-1 | Parlor, eu-central-1 | Amazon IVS Chat | Stream | a Fargate server |
|---|---|---|---|---|---|---|
${rows.join("\n")}

- **Parlor** is measured units times ${page("webSocketMessages", "API Gateway's")}, ${page("invocations", "Lambda's")}, ${page("writeUnits", "DynamoDB's")}, ${page("logGigabytes", "CloudWatch's")}, ${page("secrets", "Secrets Manager's")} and ${page("edgeRequests", "CloudFront's")} prices. Durations, sizes of frames and two \`typing\` per message are estimates, and tables hold one month's messages: see \`scripts/cost/estimate.ts\`. We saw ${seen("us-east-1")} prices in us-east-1 and ${seen("eu-central-1")} in eu-central-1 on pages of 2025 and 2026; the others are the last that we know, and \`prices.json\` names them. \`npm run cost\` marks them.
- **[Amazon IVS Chat](${ivs.page})**: $${ivs.perThousandSent} per thousand messages sent and $${ivs.perThousandDelivered} per thousand delivered, [as of ${ivs.asOf}](${ivs.seenAt}), the newest that we found. It has no history, acknowledgement or recovery, and no page.
- **[Stream](${plan.page})**: its plan for up to ${plan.people.toLocaleString("en-US")} people a month, of whom ${plan.atOnce} may be there at once, paid monthly, as others quoted it in ${plan.asOf}. More at once, or overage, costs more; small teams pay nothing.
- **[A Fargate server](${prices.fargateProcessorHours?.page})**: ${server.processors} ARM processor and ${server.gigabytes} GB all month, a [load balancer](${prices.loadBalancerHours?.page}) and ${server.addresses} [public addresses](${prices.publicAddressHours?.page}), in us-east-1. No database, no second server for when it fails, no transfer, and nobody's time. How many people one holds was not measured.
`;
}

const [start, end] = ["<!-- Written by `npm run cost -- --write`. -->\n", "\n<!-- Until here. -->"];

/** Returns the document with the section as it is now. */
export function withSection(document: string): string {
  const [before, rest] = document.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error("docs/costs.md lacks the markers of the table.");
  return `${before}${start}${section()}${end}${after}`;
}
