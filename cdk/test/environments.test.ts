// The environments of the functions as a file, for the functions' own tests: both ends then mean the same by a name.
import { expect, test } from "vitest";
import { checked, type Stage, stages } from "../stages.ts";
import { render, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

/** With everything that a stage can have told its functions. */
const full: Stage = {
  ...stages.prod,
  webAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/parlor/1b2c3d4e-0000-4000-8000-000000000000",
  oidc: { issuer: "https://login.example.org/pool", audience: "parlor" },
  origins: ["https://chat.example.org"],
};

const environments = (stage: Stage) =>
  Object.fromEntries(
    [...routeFunctions(synthesize(checked(stage)).template)].map(([route, { resource }]) => {
      const variables = Object.entries(resource.Properties.Environment.Variables);
      return [
        route,
        Object.fromEntries(variables.map(([name, value]) => [name, typeof value === "string" ? value : render(value)])),
      ];
    }),
  );

test("the functions are tested with the environments that the template gives them", async () => {
  const both = { plain: environments(stages.prod), full: environments(full) };
  await expect(`${JSON.stringify(both, null, 2)}\n`).toMatchFileSnapshot("environments.json");
});
