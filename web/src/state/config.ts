// Where this deployment's API is. The deploy writes /config.json beside the page.

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

async function load(): Promise<Config> {
  const response = await fetch("/config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}. Deploy the page again.`);
  return (await response.json()) as Config;
}
