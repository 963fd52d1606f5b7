// The function at CloudFront's edge that answers what is no file of the page with the page, run as CloudFront runs it.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { stages } from "../stages.ts";
import { ofType, referenced } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const { template } = synthesize(stages.prod);
const functions = ofType(template, "AWS::CloudFront::Function");
const [id, { Properties }] = functions.find(([id]) => id.startsWith("SitePageAddress")) ?? ["", { Properties: {} }];

const answered = (uri: string): string =>
  runInNewContext(`${Properties.FunctionCode}; handler(event)`, { event: { request: { uri } } }).uri;

test("it runs before each request for the page, and before none to the APIs", () => {
  expect(Properties.AutoPublish).toBe(true);
  const [[, { Properties: distribution }] = ["", { Properties: {} }]] = ofType(
    template,
    "AWS::CloudFront::Distribution",
  );
  const { CacheBehaviors, DefaultCacheBehavior, CustomErrorResponses } = distribution.DistributionConfig;
  const [{ EventType, FunctionARN }, ...more] = DefaultCacheBehavior.FunctionAssociations;
  expect([EventType, referenced(FunctionARN), more]).toEqual(["viewer-request", id, []]);
  for (const { FunctionAssociations } of CacheBehaviors) {
    for (const { FunctionARN } of FunctionAssociations) expect(referenced(FunctionARN)).not.toBe(id);
  }
  // These would answer the errors of the APIs with the page, too.
  for (const { ResponsePagePath } of CustomErrorResponses) expect(ResponsePagePath).toBeUndefined();
});

test("the files of the page are answered as they are", () => {
  const files = readdirSync(join(import.meta.dirname, "../../web/public"));
  expect(files.length).toBeGreaterThan(0);
  for (const file of [...files, "config.json", "index.html", "assets/index-DFr8cNgQ.js", "assets/fonts/a.woff2"]) {
    expect(answered(`/${file}`)).toBe(`/${file}`);
  }
});

test.each([
  "/",
  "/rooms/x",
  "/rooms/0123456789abcdef.",
  "/rooms/x?",
  "/foo.php",
  "/assets/",
  "/rooms/favicon.svg",
  "/a/b/c",
])("%s is answered with the page", (uri) => expect(answered(uri)).toBe("/index.html"));
