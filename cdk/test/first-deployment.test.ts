// A first deployment that fails: CloudFormation takes back what it made, all but what is to be kept. So that is made last.
import { expect, test } from "vitest";
import { stages } from "../stages.ts";
import { ofType } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const { template } = synthesize(stages.prod);

/** The resources that a value of the template refers to. */
function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === "Ref") return [child];
    if (key === "Fn::GetAtt") return [[child].flat()[0]];
    if (key === "Fn::Sub") return [...JSON.stringify(child).matchAll(/\$\{(\w+)/g)].map(([, id]) => id);
    return references(child);
  });
}

/** All that is made before a resource. */
function before(id: string, found = new Set<string>()): Set<string> {
  const resource = template.Resources[id];
  for (const needed of [resource?.DependsOn ?? [], references(resource)].flat() as string[]) {
    if (found.has(needed) || !template.Resources[needed]) continue;
    found.add(needed);
    before(needed, found);
  }
  return found;
}

const kept = Object.entries(template.Resources).filter(([, { DeletionPolicy }]) =>
  String(DeletionPolicy).startsWith("Retain"),
);

test("what cannot be had again is kept when the stack goes, and nothing else", () => {
  const names = kept.map(([id, { DeletionPolicy }]) => [id.replace(/[0-9A-F]{8}$/, ""), DeletionPolicy]);
  expect(Object.fromEntries(names)).toEqual({
    TablesRooms: "Retain",
    TablesMessages: "Retain",
    // Nothing protects it from being deleted, so that a failed creation can take it back.
    TokenKey: "RetainExceptOnCreate",
  });
});

test("what is kept is made after all that an account may be refused and that does not need it", () => {
  const refused = [
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage",
    "AWS::S3::Bucket",
  ].flatMap((type) => ofType(template, type).map(([id]) => id));
  expect(refused.length).toBeGreaterThanOrEqual(9);
  for (const [id] of kept) expect([...before(id)]).toEqual(expect.arrayContaining(refused));
});

test("what is left over has no name that would be taken at the next try", () => {
  for (const [, { Properties }] of kept) {
    expect(Properties).not.toHaveProperty("TableName");
    expect(Properties).not.toHaveProperty("Name");
  }
});

test("the page's bucket goes with the stack: it is emptied after the last file was put there, and then deleted", () => {
  const [bucket = ""] = ofType(template, "AWS::S3::Bucket").map(([id]) => id);
  expect(template.Resources[bucket]?.DeletionPolicy).toBe("Delete");
  // Emptied by whichever of these is deleted last, which is made first. Their ids must not change: see `page.ts`.
  const files = ofType(template, "Custom::CDKBucketDeployment");
  expect(files.map(([id, { Properties }]) => [id, Properties.RetainOnDelete])).toEqual([
    ["PageHashedFilesCustomResource48D482F3", false],
    ["PageEntryCustomResourceC284A46E", undefined],
  ]);
  const [first, second] = files.map(([id]) => id);
  expect(before(first ?? "")).toContain(bucket);
  expect(before(second ?? "")).toContain(first);
  // A bucket with such a tag is not emptied.
  expect(JSON.stringify(template.Resources[bucket]?.Properties.Tags ?? [])).not.toContain("aws-cdk:cr-owned");
});
