// A stage that continues with restored tables: its functions use them, and the stack neither creates nor changes them.
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { stages, validateStage } from "../stages.ts";
import { ofType, permissions, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const tables = {
  rooms: "rooms-of-before",
  messages: "messages-of-before",
  members: "members-of-before",
  people: "people-of-before",
};
const { app, template } = synthesize(validateStage({ ...stages.prod, tables }));

test("the stack has only the tables that may be lost", () => {
  const ids = ofType(template, "AWS::DynamoDB::GlobalTable").map(([id]) => id.replace(/[0-9A-F]{8}$/, ""));
  expect(ids).toEqual(["TablesConnections", "TablesLimits"]);
});

test("functions use the restored tables", () => {
  for (const [route, { resource }] of routeFunctions(template)) {
    const { ROOMS_TABLE, MESSAGES_TABLE, MEMBERS_TABLE } = resource.Properties.Environment.Variables;
    for (const [found, expected] of [
      [ROOMS_TABLE, tables.rooms],
      [MESSAGES_TABLE, tables.messages],
      [MEMBERS_TABLE, tables.members],
    ]) {
      expect([undefined, expected], route).toContain(found);
    }
  }
});

test("each role may do the same as before, on the restored tables and their indexes", () => {
  const arn = (name: string) => `arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/${name}`;
  const own = permissions(synthesize(stages.prod).template).map((line) =>
    line.replace(/<Tables(Rooms|Messages|Members|People)[0-9A-F]{8}\.Arn>/, (_, table: string) =>
      arn(tables[table.toLowerCase() as keyof typeof tables]),
    ),
  );
  expect(permissions(template)).toEqual(own.sort());
});

test("has no unacknowledged findings of cdk-nag", () => {
  expect(new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName)).toEqual([]);
});

test.each([{ rooms: "" }, { members: "a b" }, { messages: undefined }])("%j is rejected", (wrong) => {
  const [key] = Object.keys(wrong);
  const names = { ...tables, ...wrong } as typeof tables;
  expect(() => validateStage({ ...stages.prod, tables: names })).toThrow(`Stage "prod": tables.${key} is`);
});
