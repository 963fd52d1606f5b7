// Runs the edge function that serves /api/docs, and the page for every path that is not a file, as CloudFront does.
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { stages } from "../stages.ts";
import { ofType, referenced } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const { template } = synthesize(stages.prod);
const functions = ofType(template, "AWS::CloudFront::Function");
const [id, { Properties }] = functions.find(([id]) => id.startsWith("SitePageAddress")) ?? ["", { Properties: {} }];

const rewritten = (uri: string): string =>
  runInNewContext(`${Properties.FunctionCode}; handler(event)`, { event: { request: { uri } } }).uri;

test("runs before requests for the page and /api/docs, but not for the APIs", () => {
  expect(Properties.AutoPublish).toBe(true);
  const [[, { Properties: distribution }] = ["", { Properties: {} }]] = ofType(
    template,
    "AWS::CloudFront::Distribution",
  );
  const { CacheBehaviors, DefaultCacheBehavior, CustomErrorResponses } = distribution.DistributionConfig;
  const [{ EventType, FunctionARN }, ...more] = DefaultCacheBehavior.FunctionAssociations;
  expect([EventType, referenced(FunctionARN), more]).toEqual(["viewer-request", id, []]);
  const [docs, docsWithSlash, ...apis] = CacheBehaviors;
  expect(docs).toEqual({ ...DefaultCacheBehavior, PathPattern: "/api/docs" });
  expect(docsWithSlash).toEqual({ ...DefaultCacheBehavior, PathPattern: "/api/docs/" });
  expect(apis).toHaveLength(2);
  for (const { FunctionAssociations } of apis) {
    for (const { FunctionARN } of FunctionAssociations) expect(referenced(FunctionARN)).not.toBe(id);
  }
  // These would also replace the APIs' errors with the page.
  for (const { ResponsePagePath } of CustomErrorResponses) expect(ResponsePagePath).toBeUndefined();
});

test("serves the page's files unchanged", () => {
  const icons = ["favicon.svg", "maskable.svg"];
  const scripts = ["assets/index-DFr8cNgQ.js", "assets/fonts/a.woff2"];
  for (const file of ["index.html", "config.json", "manifest.json", ...icons, ...scripts]) {
    expect(rewritten(`/${file}`)).toBe(`/${file}`);
  }
});

test.each(["/api/docs", "/api/docs/"])("serves the API's documentation for %s", (uri) =>
  expect(rewritten(uri)).toBe("/docs.html"),
);

test.each([
  "/",
  "/docs.html",
  "/api/docs/x",
  "/rooms/x",
  "/rooms/0123456789abcdef.",
  "/rooms/x?",
  "/foo.php",
  "/assets/",
  "/rooms/favicon.svg",
  "/a/b/c",
])("serves the page for %s", (uri) => expect(rewritten(uri)).toBe("/index.html"));
