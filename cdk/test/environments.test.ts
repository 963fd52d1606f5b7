// Writes the functions' environments to a file that the handlers' tests read, so that both sides use the same names.
import { expect, test } from "vitest";
import { type Stage, stages, validateStage } from "../stages.ts";
import { render, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

/** A stage with every setting that reaches the functions' environments. */
const full: Stage = {
  ...stages.prod,
  webAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/parlor/1b2c3d4e-0000-4000-8000-000000000000",
  oidc: { issuer: "https://login.example.org/pool", audience: "parlor" },
  commons: { name: "Town square" },
  origins: ["https://chat.example.org"],
};

const environments = (stage: Stage) =>
  Object.fromEntries(
    [...routeFunctions(synthesize(validateStage(stage)).template)].map(([route, { resource }]) => {
      const variables = Object.entries(resource.Properties.Environment.Variables);
      return [
        route,
        Object.fromEntries(variables.map(([name, value]) => [name, typeof value === "string" ? value : render(value)])),
      ];
    }),
  );

test("the handlers' tests use the environments in the template", async () => {
  const both = { plain: environments(stages.prod), full: environments(full) };
  await expect(`${JSON.stringify(both, null, 2)}\n`).toMatchFileSnapshot("environments.json");
});
