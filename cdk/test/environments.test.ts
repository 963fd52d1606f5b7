// Writes the functions' environments to a file that the handlers' tests read, so that both sides use the same names.
import { expect, test } from "vitest";
import { type Stage, stages, validateStage } from "../stages.ts";
import { render, routeFunctions } from "../template/read.ts";
import { synthesize } from "../template/synthesize.ts";

/** A stage with every setting that reaches the functions' environments. */
const full: Stage = {
  ...stages.prod,
  webAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/parlor/1b2c3d4e-0000-4000-8000-000000000000",
  commons: { name: "Town square" },
  bots: [
    { name: "concierge", kind: "answers" },
    { name: "hotel", kind: "lex", botId: "A1B2C3D4E5", aliasId: "TSTALIASID", region: "eu-central-1" },
    { name: "librarian", kind: "bedrock", modelId: "eu.amazon.nova-lite-v1:0", region: "eu-central-1" },
  ],
  review: {
    words: ["en"],
    lambda: "arn:aws:lambda:eu-central-1:123456789012:function:review:live",
    guardrail: { id: "abc123", version: "2" },
  },
  countsTexts: true,
  signIn: { issuer: "https://login.example.org/pool", clientId: "parlor" },
  origins: ["https://chat.example.org"],
};

/** A stage that admits no guests. */
const members: Stage = {
  ...stages.prod,
  signIn: { issuer: "https://login.example.org", clientId: "parlor" },
  guests: false,
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
  const all = { plain: environments(stages.prod), full: environments(full), members: environments(members) };
  await expect(`${JSON.stringify(all, null, 2)}\n`).toMatchFileSnapshot("environments.json");
});
