// Where this stage's API is. The deployment writes /config.json next to the page.
import { ParlorApi } from "../../../client/src/index.ts";

export interface Config {
  webSocketUrl: string;
  /** Ends in `/api`, no trailing slash. */
  apiUrl: string;
}

let loading: Promise<Config> | undefined;

export function config(): Promise<Config> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** The HTTP API without a token. */
export async function publicApi(): Promise<ParlorApi> {
  return new ParlorApi((await config()).apiUrl);
}

async function load(): Promise<Config> {
  const response = await fetch("/config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}. Deploy the page again.`);
  return (await response.json()) as Config;
}
