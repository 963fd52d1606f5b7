// If a first deployment fails, CloudFormation deletes everything it created except retained resources. So those are created last.
import { expect, test } from "vitest";
import { stages } from "../stages.ts";
import { ofType } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const { template } = synthesize(stages.prod);

/** Returns the resources that a value in the template refers to. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === "Ref") return [child];
    if (key === "Fn::GetAtt") return [[child].flat()[0]];
    if (key === "Fn::Sub") return [...JSON.stringify(child).matchAll(/\$\{(\w+)/g)].map(([, id]) => id);
    return references(child);
  });
}

/** Returns all resources that are created before this one. */
function createdBefore(id: string, found = new Set<string>()): Set<string> {
  const resource = template.Resources[id];
  for (const needed of [resource?.DependsOn ?? [], references(resource)].flat() as string[]) {
    if (found.has(needed) || !template.Resources[needed]) continue;
    found.add(needed);
    createdBefore(needed, found);
  }
  return found;
}

const retained = Object.entries(template.Resources).filter(([, { DeletionPolicy }]) =>
  String(DeletionPolicy).startsWith("Retain"),
);

test("only data that cannot be recreated is retained when the stack is deleted", () => {
  const names = retained.map(([id, { DeletionPolicy }]) => [id.replace(/[0-9A-F]{8}$/, ""), DeletionPolicy]);
  expect(Object.fromEntries(names)).toEqual({
    TablesRooms: "Retain",
    TablesMessages: "Retain",
    TablesMembers: "Retain",
    TablesPeople: "Retain",
    // It has no deletion protection, so a failed creation can delete it.
    TokenKey: "RetainExceptOnCreate",
  });
});

test("retained resources are created after everything that AWS may refuse to an account", () => {
  const refusable = [
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage",
    "AWS::S3::Bucket",
  ].flatMap((type) => ofType(template, type).map(([id]) => id));
  expect(refusable.length).toBeGreaterThanOrEqual(9);
  for (const [id] of retained) expect([...createdBefore(id)]).toEqual(expect.arrayContaining(refusable));
});

test("retained resources have no fixed name that the next attempt would collide with", () => {
  for (const [, { Properties }] of retained) {
    expect(Properties).not.toHaveProperty("TableName");
    expect(Properties).not.toHaveProperty("Name");
  }
});

test("the page's bucket is deleted with the stack, after its files were deleted", () => {
  const [bucket = ""] = ofType(template, "AWS::S3::Bucket").map(([id]) => id);
  expect(template.Resources[bucket]?.DeletionPolicy).toBe("Delete");
  // The deployment created first is deleted last and empties the bucket. Their ids must not change: see `page.ts`.
  const files = ofType(template, "Custom::CDKBucketDeployment");
  expect(files.map(([id, { Properties }]) => [id, Properties.RetainOnDelete])).toEqual([
    ["PageHashedFilesCustomResource48D482F3", false],
    ["PageEntryCustomResourceC284A46E", undefined],
  ]);
  const [first, second] = files.map(([id]) => id);
  expect(createdBefore(first ?? "")).toContain(bucket);
  expect(createdBefore(second ?? "")).toContain(first);
  // A bucket with this tag is not emptied.
  expect(JSON.stringify(template.Resources[bucket]?.Properties.Tags ?? [])).not.toContain("aws-cdk:cr-owned");
});
