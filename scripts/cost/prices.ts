// Public prices in US dollars, first tier, without free tiers. `prices.json` has them with AWS's page and the date.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../local/failure.ts";

export const regions = ["us-east-1", "eu-central-1"] as const;
export type Region = (typeof regions)[number];

interface Listed extends Record<Region, number> {
  /** How many units the price is for. */
  readonly per: number;
  readonly page: string;
}

const file = JSON.parse(readFileSync(join(import.meta.dirname, "prices.json"), "utf8")) as {
  readonly asOf: string;
  readonly prices: Record<string, Listed>;
  readonly unconfirmed: Record<Region, readonly string[]>;
  readonly others: {
    readonly ivsChat: {
      readonly asOf: string;
      readonly page: string;
      readonly seenAt: string;
      readonly perThousandSent: number;
      readonly perThousandDelivered: number;
    };
    readonly stream: {
      readonly asOf: string;
      readonly page: string;
      readonly perMonth: number;
      readonly people: number;
      readonly atOnce: number;
    };
  };
};

export const { asOf, others, prices } = file;

export function regionFrom(name: string): Region {
  const region = regions.find((known) => known === name);
  if (region) return region;
  throw new Failure(
    `There are no prices for ${name}: choose ${regions.join(" or ")}, or add it to scripts/cost/prices.json and prices.ts.`,
  );
}

/** Returns the price of so many units. */
export function priceOf(unit: string, amount: number, region: Region): number {
  const listed = prices[unit];
  if (!listed) throw new Error(`scripts/cost/prices.json has no price of ${unit}.`);
  return (amount / listed.per) * listed[region];
}

/** Units whose price in this Region we have not seen on a page of 2025 or later. */
export const unconfirmed = (region: Region): readonly string[] => file.unconfirmed[region];
