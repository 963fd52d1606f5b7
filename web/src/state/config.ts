// Where this stage's API is, and who may enter. The deployment writes /config.json next to the page.
import { signal } from "@preact/signals";

export interface Config {
  webSocketUrl: string;
  /** Ends in `/api`, no trailing slash. */
  apiUrl: string;
  /** Absent: true. */
  guests?: boolean;
  /** Absent: everyone is a guest. */
  signIn?: SignInSettings;
  /** The stage's bots. Absent: it has none. */
  bots?: BotSettings[];
  /** Whether rooms are reviewed: all of them, or those whose owner wants it. Absent: the stage has no reviewers. */
  review?: "required" | "offered";
  /** What the stage leaves out. Absent: nothing. */
  without?: Capability[];
}

/** What a stage can leave out, as far as the page has parts of it. */
type Capability = "moderation" | "reports" | "webhooks";

export interface BotSettings {
  name: string;
  title: string;
  description?: string;
}

export interface SignInSettings {
  /** The OpenID provider, exactly as its tokens name it. */
  issuer: string;
  clientId: string;
  /** The token that Parlor accepts. */
  sends: "idToken" | "accessToken";
}

/** Undefined until it has arrived. */
export const knownConfig = signal<Config | undefined>(undefined);

/** Whether the stage has this part of Parlor. */
export const has = (capability: Capability) => !knownConfig.value?.without?.includes(capability);

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
  knownConfig.value = (await response.json()) as Config;
  return knownConfig.value;
}
