// Reads a synthesized template independently of the constructs that created it.
import { flattenCfnReference } from "cdk-nag/lib/utils/flatten-cfn-reference.js";
import type { Resource, Template } from "./synthesize.ts";

/** Renders a value, with references as `<logical id>` or `<logical id.attribute>`. */
export const render = (value: unknown): string => flattenCfnReference(value);

const isComputed = (value: object) => Object.keys(value).some((key) => key === "Ref" || key.startsWith("Fn::"));

/** Renders an object with references anywhere in it. */
const renderAll = (object: unknown): string =>
  JSON.stringify(object, (_, value) => (typeof value === "object" && isComputed(value) ? render(value) : value));

export function ofType(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** Returns the logical id that a `Ref` or `Fn::GetAtt` names. */
export function referenced(value: { Ref?: string; "Fn::GetAtt"?: [id: string, attribute: string] }): string {
  return value.Ref ?? value["Fn::GetAtt"]?.[0] ?? "";
}

/** Returns the functions that run Parlor's binary, by route. */
export function routeFunctions(template: Template): Map<string, { id: string; resource: Resource }> {
  return new Map(
    ofType(template, "AWS::Lambda::Function")
      .filter(([, { Properties }]) => Properties.Environment?.Variables.ROUTE)
      .map(([id, resource]) => [resource.Properties.Environment.Variables.ROUTE, { id, resource }]),
  );
}

/** Returns every permission in the template, one line each: `<principal> may <action> on <resource>`. */
export function permissions(template: Template): string[] {
  return Object.entries(template.Resources)
    .flatMap(([id, { Type, Properties }]) => {
      switch (Type) {
        case "AWS::IAM::Role":
          return [
            ...statements(Properties.AssumeRolePolicyDocument, id),
            ...(Properties.ManagedPolicyArns ?? []).map(
              (arn: unknown) => `${id} has the managed policy ${render(arn)}`,
            ),
            ...(Properties.Policies ?? []).flatMap((policy: { PolicyDocument: PolicyDocument }) =>
              statements(policy.PolicyDocument, id),
            ),
          ];
        case "AWS::IAM::Policy":
          return Properties.Roles.flatMap((role: { Ref: string }) =>
            statements(Properties.PolicyDocument, referenced(role)),
          );
        case "AWS::S3::BucketPolicy":
        case "AWS::SNS::TopicPolicy":
        case "AWS::SQS::QueuePolicy":
          return statements(Properties.PolicyDocument, id);
        case "AWS::Lambda::Permission":
          return [
            `${render(Properties.Principal)} may ${Properties.Action} on ${render(Properties.FunctionName)}` +
              ` if SourceArn is ${render(Properties.SourceArn)}`,
          ];
        default:
          return [];
      }
    })
    .sort();
}

interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Principal?: Record<string, unknown>;
  readonly Condition?: unknown;
}

/** `owner` is the default principal (of a role's statement) or the default resource (of a resource policy's statement). */
function statements({ Statement }: PolicyDocument, owner: string): string[] {
  return Statement.flatMap(({ Effect, Action, Resource, Principal, Condition }) => {
    const principal = Principal ? Object.values(Principal).map(render).join() : owner;
    const verb = Effect === "Allow" ? "may" : "may not";
    const condition = Condition ? ` if ${renderAll(Condition)}` : "";
    return [Action]
      .flat()
      .flatMap((action) =>
        [Resource ?? { Ref: owner }]
          .flat()
          .map((resource) => `${principal} ${verb} ${action} on ${render(resource)}${condition}`),
      );
  });
}
