import { expect, test } from "vitest";
import { lossesOf, readDiff, summarize } from "./diff.ts";

/** Lines that `cdk diff` of the pinned CDK printed about a stack in the local cloud, shortened. */
const printed = `Stack parlor-dev (aws://000000000000/us-east-1)
IAM Statement Changes
┌───┬──────────────────┬────────┬────────────────────────┐
│ + │ \${TokenKey.Id} │ Allow  │ secretsmanager:GetSecretValue │
└───┴──────────────────┴────────┴────────────────────────┘
Parameters
[+] Parameter BootstrapVersion BootstrapVersion: {"Type":"AWS::SSM::Parameter::Value<String>"}

Resources
[-] AWS::DynamoDB::Table OldTable destroy
[-] AWS::DynamoDB::Table KeptTable orphan
[-] AWS::Lambda::Permission WebSocket/Api/old-Permission WebSocketApiOld destroy
[+] AWS::Lambda::Permission WebSocket/Api/$connect-Route/connectIntegration-Permission WebSocketApiconnect
[~] AWS::DynamoDB::GlobalTable Tables/Rooms TablesRooms119D85BA replace
 ├─ [~] AttributeDefinitions
 │   └─ @@ -1,6 +1,6 @@
 │      [-]     "AttributeName": "other",
 └─ [~] KeySchema (requires replacement)
[~] AWS::DynamoDB::GlobalTable Tables/Connections TablesConnectionsF6D675B1
 └─ [+] DependsOn
[~] AWS::CloudFront::Distribution Site/Distribution SiteDistribution390DED28 may be replaced
[~] AWS::Lambda::Function join/Function joinFunction replace

Outputs
[+] Output SiteUrl SiteUrl: {"Description":"The page"}

✨  Number of stacks with differences: 1
`;

test("resources are read with what happens to them", () => {
  expect(readDiff(printed).map(({ kind, id, impact }) => `${kind} ${id}: ${impact}`)).toEqual([
    "removed OldTable: deleted",
    "removed KeptTable: left behind",
    "removed WebSocket/Api/old-Permission WebSocketApiOld: deleted",
    "added WebSocket/Api/$connect-Route/connectIntegration-Permission WebSocketApiconnect: kept",
    "changed Tables/Rooms TablesRooms119D85BA: replaced",
    "changed Tables/Connections TablesConnectionsF6D675B1: kept",
    "changed Site/Distribution SiteDistribution390DED28: may be replaced",
    "changed join/Function joinFunction: replaced",
  ]);
});

test("a loss is a resource with data that goes, may go, or is no longer used", () => {
  expect(lossesOf(readDiff(printed))).toEqual([
    "AWS::DynamoDB::Table OldTable: deleted; its rows lost",
    "AWS::DynamoDB::Table KeptTable: left behind; its rows unused from then on",
    "AWS::DynamoDB::GlobalTable Tables/Rooms TablesRooms119D85BA: replaced; its rows lost",
    "AWS::CloudFront::Distribution Site/Distribution SiteDistribution390DED28: may be replaced; its address lost",
  ]);
});

test("a removal without a stated impact counts as deletion", () => {
  expect(lossesOf(readDiff("[-] AWS::SecretsManager::Secret TokenKey TokenKeyD1D1A236\n"))).toHaveLength(1);
});

test("the summary counts", () => {
  expect(summarize(readDiff(printed))).toBe("Resources: 1 added, 4 changed (3 of these replaced), 3 removed");
});
