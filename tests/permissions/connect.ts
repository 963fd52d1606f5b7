// Cells that open a connection.

import { connectionError } from "./answers.ts";
import type { Cell } from "./cell.ts";
import type { Target } from "./matrix.ts";

interface ConnectOptions {
  readonly query?: string;
  readonly protocols?: string[];
  readonly origin?: string;
}

export async function connect({ stage, actor, target }: Cell): Promise<string> {
  const token = actor.guest?.token;
  const protocols = ["parlor.v1", ...(token === undefined ? [] : [`token.${token}`])];
  const options: Partial<Record<Target, ConnectOptions>> = {
    "token in the query string": { query: token === undefined ? "" : `?token=${token}` },
    "token as subprotocol": { protocols },
    "the stage's page": { protocols, origin: new URL(stage.addresses.siteUrl).origin },
    "another site's page": { protocols, origin: "https://evil.example" },
  };
  return stage.socket(options[target]).then(() => "open", connectionError);
}
