// The setting `without`: what a stage without a capability lacks, and what stays as it is.
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { type Capability, capabilities, isIncluded } from "../routes/capabilities.ts";
import { routes, routesOf } from "../routes/index.ts";
import { stages, validateStage } from "../stages.ts";
import { ofType, permissions, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

const full = synthesize(stages.prod).template;
const names = Object.keys(capabilities) as Capability[];

test("each capability names routes of the table", () => {
  const known = routes.map(({ name }) => name);
  expect(known).toEqual(expect.arrayContaining(Object.values(capabilities).flat()));
});

describe.each(names)("without %s", (capability) => {
  const stage = validateStage({ ...stages.prod, without: [capability] });
  const { app, template } = synthesize(stage);
  const gone = Object.entries(full.Resources).filter(([id]) => template.Resources[id] === undefined);

  test("its routes have no function, and all others do", () => {
    const expected = routesOf(stages.prod)
      .map(({ name }) => name)
      .filter((name) => isIncluded(name, [capability]));
    expect([...routeFunctions(template).keys()].sort()).toEqual(expected.sort());
    expect(expected.length).toBe(routesOf(stages.prod).length - capabilities[capability].length);
  });

  test("its functions, roles, logs and routes of the API are gone, and no table", () => {
    const absent = routes.filter(({ name }) => !isIncluded(name, [capability]));
    const ofApi = absent.filter(({ trigger }) => trigger.kind !== "invocation");
    const countOf = (kind: string) => gone.filter(([, { Type }]) => Type === kind).length;
    for (const kind of ["AWS::Lambda::Function", "AWS::IAM::Role", "AWS::Logs::LogGroup"]) {
      expect(countOf(kind), kind).toBe(absent.length);
    }
    expect(countOf("AWS::ApiGatewayV2::Route")).toBe(ofApi.length);
    expect(ofType(template, "AWS::DynamoDB::GlobalTable")).toEqual(ofType(full, "AWS::DynamoDB::GlobalTable"));
  });

  test("the roles that stay may do what they may do otherwise", () => {
    const ids = new Set(gone.map(([id]) => id));
    const ofOthers = permissions(full).filter(
      (line) => ![...ids].some((id) => line.startsWith(`${id} `) || line.includes(id)),
    );
    expect(permissions(template)).toEqual(ofOthers);
  });

  test("the page learns what is missing", () => {
    const settings = JSON.parse(template.Outputs.PageSettings?.Value as string);
    expect(settings.without).toContain(capability);
  });

  test("has no unacknowledged findings of cdk-nag", () => {
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });
});

test("a stage without moderation has no reports", () => {
  const { template } = synthesize(validateStage({ ...stages.prod, without: ["moderation"] }));
  expect(JSON.parse(template.Outputs.PageSettings?.Value as string).without).toEqual(["moderation", "reports"]);
});

test("a capability that does not exist is rejected with the list of those that do", () => {
  const without = ["files"] as unknown as Capability[];
  expect(() => validateStage({ ...stages.dev, without })).toThrow(
    'without contains "files", but must contain only moderation, reports, webhooks.',
  );
});
