// Tries calls with each role's credentials on a local cloud that enforces IAM.
import { expect, test } from "vitest";
import { element, query, send, succeed } from "../../../local/calls.ts";
import { instance } from "../../../local/instance.ts";
import { physicalId, stackResources } from "../../../local/resources.ts";
import { routesOn } from "../../../local/routes.ts";
import { addresses } from "../../support/addresses.ts";
import { attempts, type Names, verdict } from "../attempts.ts";

const { port, pathname } = new URL(addresses.webSocketUrl);
const at = instance(Number(port));
const resources = await stackResources(at);
const table = (name: string) => physicalId(resources, "AWS::DynamoDB::GlobalTable", `Tables${name}`);
const secret = (name: string) => physicalId(resources, "AWS::SecretsManager::Secret", name);
const role = (route: string) => physicalId(resources, "AWS::IAM::Role", `${route.replaceAll("-", "")}Role`);

const names = (route: string): Names => {
  const other = route === "send" ? "edit" : "send";
  return {
    tables: {
      rooms: table("Rooms"),
      connections: table("Connections"),
      messages: table("Messages"),
      members: table("Members"),
      people: table("People"),
      limits: table("Limits"),
    },
    stagePath: pathname,
    secrets: { tokenKey: secret("TokenKey"), edgeKey: secret("EdgeKey") },
    bots: physicalId(resources, "AWS::Lambda::Function", "answerFunction"),
    teller: physicalId(resources, "AWS::Lambda::Function", "tellhookFunction"),
    role: role(other),
    function: physicalId(resources, "AWS::Lambda::Function", `${other}Function`),
    logGroup: physicalId(resources, "AWS::Logs::LogGroup", `${other}Logs`),
  };
};

async function credentials(route: string) {
  const RoleArn = `arn:aws:iam::000000000000:role/${role(route)}`;
  const answer = await succeed(at, query("sts", { Action: "AssumeRole", RoleArn, RoleSessionName: "confined" }));
  return {
    accessKeyId: element(answer, "AccessKeyId"),
    secretAccessKey: element(answer, "SecretAccessKey"),
    sessionToken: element(answer, "SessionToken"),
  };
}

test.each(routesOn(addresses))("$name may do what its row grants and nothing else", async ({ name, grants }) => {
  const by = await credentials(name);
  const found: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const { title, call, grant } of attempts(names(name))) {
    const isGranted = grants.some(([action, on]) => action === grant?.[0] && on === grant[1]);
    expected[title] = isGranted ? "allowed" : "denied";
    found[title] = verdict(await send(at, call, by));
  }
  expect(found).toEqual(expected);
  expect(Object.values(found).filter((each) => each === "allowed")).toHaveLength(grants.length);
});
