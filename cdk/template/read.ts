// Reads a synthesized template the way CloudFormation would, without help from the constructs that made it.
import { flattenCfnReference } from "cdk-nag/lib/utils/flatten-cfn-reference.js";
import type { Resource, Template } from "./synthesize.ts";

/** A value with each reference written as `<logical id>` or `<logical id.attribute>`. */
export const render = (value: unknown): string => flattenCfnReference(value);

const isComputed = (value: object) => Object.keys(value).some((key) => key === "Ref" || key.startsWith("Fn::"));

/** The same for an object, with references anywhere in it. */
const renderAll = (object: unknown): string =>
  JSON.stringify(object, (_, value) => (typeof value === "object" && isComputed(value) ? render(value) : value));

export function ofType(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The logical id that a `Ref` or `Fn::GetAtt` names. */
export function referenced(value: { Ref?: string; "Fn::GetAtt"?: [id: string, attribute: string] }): string {
  return value.Ref ?? value["Fn::GetAtt"]?.[0] ?? "";
}

/** The functions that run Parlor's binary, by the route they run. */
export function routeFunctions(template: Template): Map<string, { id: string; resource: Resource }> {
  return new Map(
    ofType(template, "AWS::Lambda::Function")
      .filter(([, { Properties }]) => Properties.Environment?.Variables.ROUTE)
      .map(([id, resource]) => [resource.Properties.Environment.Variables.ROUTE, { id, resource }]),
  );
}

/** Everything that anybody may do, one line for each: `<who> may <action> on <what>`. */
export function permissions(template: Template): string[] {
  return Object.entries(template.Resources)
    .flatMap(([id, { Type, Properties }]) => {
      switch (Type) {
        case "AWS::IAM::Role":
          return [
            ...statements(Properties.AssumeRolePolicyDocument, id),
            ...(Properties.ManagedPolicyArns ?? []).map((arn: unknown) => `${id} may do what ${render(arn)} says`),
            ...(Properties.Policies ?? []).flatMap((policy: { PolicyDocument: PolicyDocument }) =>
              statements(policy.PolicyDocument, id),
            ),
          ];
        case "AWS::IAM::Policy":
          return Properties.Roles.flatMap((role: { Ref: string }) =>
            statements(Properties.PolicyDocument, referenced(role)),
          );
        case "AWS::S3::BucketPolicy":
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

/** `owner` is who may, unless the statement names a principal; then it is on what, unless the statement names a resource. */
function statements({ Statement }: PolicyDocument, owner: string): string[] {
  return Statement.flatMap(({ Effect, Action, Resource, Principal, Condition }) => {
    const who = Principal ? Object.values(Principal).map(render).join() : owner;
    const may = Effect === "Allow" ? "may" : "may not";
    const condition = Condition ? ` if ${renderAll(Condition)}` : "";
    return [Action]
      .flat()
      .flatMap((action) =>
        [Resource ?? { Ref: owner }].flat().map((on) => `${who} ${may} ${action} on ${render(on)}${condition}`),
      );
  });
}
