// The setting `tracing`.
import { expect, test } from "vitest";
import { routesOf } from "../routes/index.ts";
import { stages } from "../stages.ts";
import { ofType, permissions, routeFunctions } from "../template/read.ts";
import { permissionsByRoute } from "../template/route-permissions.ts";
import { synthesize } from "../template/synthesize.ts";

const { template } = synthesize({ ...stages.prod, tracing: true });
const plain = synthesize(stages.prod).template;

test("every function sends traces, and no other stage's does", () => {
  for (const [route, { resource }] of routeFunctions(template)) {
    expect(resource.Properties.TracingConfig, route).toEqual({ Mode: "Active" });
  }
  for (const stage of Object.values(stages)) {
    for (const [, { Properties }] of ofType(synthesize(stage).template, "AWS::Lambda::Function")) {
      expect(Properties.TracingConfig).toBeUndefined();
    }
  }
});

test("each route's role may put trace segments and telemetry records, and nothing else changes", () => {
  const known = permissions(plain);
  const added = permissions(template).filter((line) => !known.includes(line));
  const roles = new Set(permissionsByRoute(template, routesOf(stages.prod)).map(({ role }) => role));
  expect(added).toEqual(
    [...roles]
      .flatMap((role) => ["PutTelemetryRecords", "PutTraceSegments"].map((put) => `${role} may xray:${put} on *`))
      .sort(),
  );
  expect(known.filter((line) => !permissions(template).includes(line))).toEqual([]);
});
