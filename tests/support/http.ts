// HTTP requests that also reach *.localhost, which `fetch` cannot resolve on every system.

import { once } from "node:events";
import { request as http, type IncomingMessage } from "node:http";
import { request as https } from "node:https";
import { text } from "node:stream/consumers";

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface HttpResponse {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Sends one request and reads the whole response. A `body` is sent as JSON. */
export async function httpRequest(
  address: string,
  { method = "GET", headers, body }: HttpRequest = {},
): Promise<HttpResponse> {
  const url = new URL(address);
  const hostname = url.hostname.endsWith(".localhost") ? "127.0.0.1" : url.hostname;
  const open = url.protocol === "https:" ? https : http;
  const json = body && { "content-type": "application/json" };
  const path = url.pathname + url.search;
  const request = open({ hostname, port: url.port, path, method, headers: { host: url.host, ...json, ...headers } });
  request.end(body && JSON.stringify(body));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
