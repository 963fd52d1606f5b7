// The running stack that the page is tested on: the addresses that `npm start` writes.
import { readFileSync } from "node:fs";

interface Stack {
  siteUrl: string;
  webSocketUrl: string;
  apiUrl: string;
}

const path = process.env.PARLOR_OUTPUTS;
if (!path) throw new Error("Set PARLOR_OUTPUTS to an outputs.json, for instance .parlor/outputs.json of `npm start`.");

export const stack = JSON.parse(readFileSync(path, "utf8")) as Stack;
