// A program outside that a webhook tells messages: an HTTP server on this machine.
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class Program implements AsyncDisposable {
  readonly told: Told[] = [];
  /** The statuses of the next answers; 204 follows. */
  readonly statuses: number[] = [];
  readonly #server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    this.told.push({ headers: request.headers, body });
    response.writeHead(this.statuses.shift() ?? 204, { location: this.url }).end();
  });

  static async start(): Promise<Program> {
    const program = new Program();
    await new Promise<void>((resolve) => {
      program.#server.listen(0, "127.0.0.1", resolve);
    });
    return program;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/told`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** What the header `webhook-signature` must be, as the Standard Webhooks specification says. */
export function signature(secret: string, { headers, body }: Told): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}
