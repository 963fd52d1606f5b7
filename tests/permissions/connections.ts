// Attacks by opening a connection.

import { refusal } from "./answers.ts";
import type { Attack } from "./attack.ts";
import type { Target } from "./table.ts";

interface Ways {
  readonly query?: string;
  readonly protocols?: string[];
  readonly origin?: string;
}

export async function byConnecting({ stage, attacker, on }: Attack): Promise<string> {
  const token = attacker.guest?.token;
  const protocols = ["parlor.v1", ...(token === undefined ? [] : [`token.${token}`])];
  const ways: Partial<Record<Target, Ways>> = {
    "token in the address": { query: token === undefined ? "" : `?token=${token}` },
    "token as subprotocol": { protocols },
    "the stage's page": { protocols, origin: new URL(stage.addresses.siteUrl).origin },
    "another site's page": { protocols, origin: "https://evil.example" },
  };
  return stage.socket(ways[on]).then(() => "open", refusal);
}
