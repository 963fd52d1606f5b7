// How AWS's errors are read, with a fake AWS that answers in each service's format.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { awsAccount } from "./account.ts";

afterEach(() => vi.unstubAllEnvs());

/** Returns an account whose every request is answered like this, and what was requested. */
async function fakeAws(status: number, body: string, headers: Record<string, string> = {}) {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(status, headers).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { account: awsAccount("eu-central-1", { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }), requests };
}

test("an error of STS is an XML element", async () => {
  const xml = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>too old</Message></Error></ErrorResponse>";
  const { account } = await fakeAws(403, xml);
  await expect(account.identity()).rejects.toMatchObject({ code: "ExpiredToken", message: "too old" });
});

test("an error of Systems Manager is a field of its body; a missing parameter is none", async () => {
  const denied = await fakeAws(400, '{"__type":"AccessDeniedException","Message":"not authorized"}');
  await expect(denied.account.bootstrapVersion()).rejects.toMatchObject({ code: "AccessDeniedException" });
  const missing = await fakeAws(400, '{"__type":"com.amazonaws.ssm#ParameterNotFound"}');
  expect(await missing.account.bootstrapVersion()).toBeUndefined();
});

test("an error of Lambda is a header", async () => {
  const headers = { "x-amzn-errortype": "AccessDeniedException:http://internal.amazon.com/" };
  const { account, requests } = await fakeAws(403, '{"Message":"not authorized"}', headers);
  await expect(account.concurrency()).rejects.toMatchObject({
    code: "AccessDeniedException",
    message: "not authorized",
  });
  expect(requests).toEqual(["GET /2016-08-19/account-settings/"]);
});

test("an answer that is no AWS error has the status as its code", async () => {
  const { account } = await fakeAws(502, "<html>Bad gateway</html>");
  await expect(account.identity()).rejects.toMatchObject({ code: "HTTP 502" });
});

test("API Gateway's account may have no role for logs", async () => {
  const without = await fakeAws(200, '{"throttleSettings":{"rateLimit":500}}');
  expect(await without.account.gatewayLogRole()).toBeUndefined();
  const role = "arn:aws:iam::123456789012:role/logs";
  const { account } = await fakeAws(200, JSON.stringify({ cloudwatchRoleArn: role }));
  expect(await account.gatewayLogRole()).toBe(role);
});
