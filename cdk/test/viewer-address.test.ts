// Runs the edge function that passes the viewer's address to the APIs, as CloudFront does.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { stages } from "../stages.ts";
import { ofType, referenced } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const { template } = synthesize(stages.prod);
const functions = ofType(template, "AWS::CloudFront::Function");
const [id, { Properties }] = functions.find(([id]) => id.startsWith("SiteViewerAddress")) ?? ["", { Properties: {} }];

interface Headers {
  [name: string]: { value: string; multiValue?: { value: string }[] };
}

/** Returns the headers that the APIs get for a request from this address. */
function forwarded(ip: string, headers: Headers): Headers {
  const event = { version: "1.0", viewer: { ip }, request: { method: "GET", uri: "/api/rooms", headers } };
  return runInNewContext(`${Properties.FunctionCode}; handler(event)`, { event }).headers;
}

test("runs before requests to the APIs, but not for the page", () => {
  expect(Properties.AutoPublish).toBe(true);
  const [[, { Properties: distribution }] = ["", { Properties: {} }]] = ofType(
    template,
    "AWS::CloudFront::Distribution",
  );
  const { CacheBehaviors, DefaultCacheBehavior } = distribution.DistributionConfig;
  const before = [DefaultCacheBehavior, ...CacheBehaviors].map(({ PathPattern, FunctionAssociations }) => {
    const [{ EventType, FunctionARN }, ...more] = FunctionAssociations;
    expect([EventType, more]).toEqual(["viewer-request", []]);
    return [PathPattern, referenced(FunctionARN) === id];
  });
  expect(before).toEqual([
    [undefined, false],
    ["/api/docs", false],
    ["/api/docs/", false],
    ["/api/*", true],
    ["/ws", true],
  ]);
});

test.each(["203.0.113.9", "2001:db8:1:2:3:4:5:6"])("the address %s replaces any that the viewer claims", (ip) => {
  const claims: Headers[] = [
    {},
    { "x-parlor-viewer": { value: "192.0.2.1" } },
    { "x-parlor-viewer": { value: "192.0.2.1", multiValue: [{ value: "192.0.2.1" }, { value: "192.0.2.2" }] } },
    { "x-forwarded-for": { value: "192.0.2.1" }, forwarded: { value: "for=192.0.2.1" } },
  ];
  for (const claim of claims) {
    const headers = forwarded(ip, { ...claim, host: { value: "chat.example.org" } });
    expect(headers).toEqual({ ...claim, host: { value: "chat.example.org" }, "x-parlor-viewer": { value: ip } });
  }
});

test("the handlers read the header that it sets", () => {
  const reads = readFileSync(join(import.meta.dirname, "../../handlers/chat/src/edge.rs"), "utf8");
  const [, name] = /const VIEWER_HEADER: &str = "(.+)";/.exec(reads) ?? [];
  expect(Object.keys(forwarded("203.0.113.9", {}))).toEqual([name]);
});
