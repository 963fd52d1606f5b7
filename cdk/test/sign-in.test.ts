// The settings `signIn` and `guests`, and what they change in the template.
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { routes } from "../routes/index.ts";
import { LOCAL_CLIENT_ID, readStage, type Stage, stages, validateStage } from "../stages.ts";
import { ofType, render, routeFunctions } from "../template/read.ts";
import { synthesize, type Template } from "../template/synthesize.ts";

const provider = { issuer: "https://login.example.org/pool", clientId: "parlor" };
const withProvider = synthesize(validateStage({ ...stages.dev, signIn: provider })).template;
const cognito = synthesize(validateStage({ ...stages.prod, signIn: "cognito" }));

const dev = (settings: Partial<Stage>) => validateStage({ ...stages.dev, ...settings });
const local = (settings: Partial<Stage>) => validateStage({ ...stages.local, ...settings });

const connectSources = (template: Template) => {
  const [headers] = ofType(template, "AWS::CloudFront::ResponseHeadersPolicy").map(([, { Properties }]) => Properties);
  const { ContentSecurityPolicy: policy } = headers.ResponseHeadersPolicyConfig.SecurityHeadersConfig;
  return /connect-src ([^;]+)/.exec(textOf(policy.ContentSecurityPolicy))?.[1];
};
/** Joins the parts of a text, with references as `render` shows them. */
const textOf = (value: unknown): string => {
  if (typeof value === "string") return value;
  const parts = (value as { "Fn::Join"?: [string, unknown[]] })["Fn::Join"]?.[1];
  return parts ? parts.map(textOf).join("") : render(value);
};
const settingsOf = ({ Outputs }: Template) => JSON.parse(textOf(Outputs.PageSettings?.Value));
const trusting = (template: Template) =>
  [...routeFunctions(template)].flatMap(([route, { resource }]) =>
    resource.Properties.Environment.Variables.OIDC_ISSUER === undefined ? [] : [route],
  );

test("the issuer on this machine can be set for the local stage only", () => {
  const issuer = "http://127.0.0.1:4700";
  expect(readStage("local").signIn).toBeUndefined();
  expect(readStage("local", { issuer }).signIn).toEqual({ issuer, clientId: LOCAL_CLIENT_ID });
  expect(() => readStage("local", { issuer: "http://elsewhere" })).toThrow("signIn.issuer is");
  expect(readStage("dev", { issuer }).signIn).toBeUndefined();
});

test.each([
  "http://login.example.org",
  "http://localhost:8080",
  "login.example.org",
  "https://login.example.org/?tenant=1",
  "https://login.example.org/#a",
  "",
])("the issuer %j is rejected on AWS", (issuer) => {
  expect(() => dev({ signIn: { ...provider, issuer } })).toThrow("signIn.issuer is");
});

test("only the local stage accepts an issuer on this machine", () => {
  const issuer = "http://localhost:8080/realms/parlor";
  expect(local({ signIn: { ...provider, issuer } }).signIn).toEqual({ ...provider, issuer });
  expect(() => local({ signIn: { ...provider, issuer: "http://other:8080" } })).toThrow("signIn.issuer is");
});

test("a provider without a client id, with an empty audience or with an address as token origin is rejected", () => {
  expect(() => dev({ signIn: { ...provider, clientId: "" } })).toThrow("signIn.clientId is empty");
  expect(() => dev({ signIn: { ...provider, audience: "" } })).toThrow("signIn.audience is empty");
  for (const tokenOrigin of ["https://login.example.org/token", "http://login.example.org", "login.example.org"]) {
    expect(() => dev({ signIn: { ...provider, tokenOrigin } })).toThrow(`signIn.tokenOrigin is "${tokenOrigin}"`);
  }
});

test("a stage without guests and without a way to sign in is rejected", () => {
  expect(() => dev({ guests: false })).toThrow("guests is false, but signIn is not set");
  expect(dev({ guests: false, signIn: provider }).guests).toBe(false);
});

test("the local cloud rejects cognito, and so does a stack whose name Cognito does not accept", () => {
  expect(() => local({ signIn: "cognito" })).toThrow('signIn is "cognito", which the local cloud does not have');
  const named = { ...stages.dev, signIn: "cognito", name: "awsome" } as unknown as Stage;
  expect(() => synthesize(named)).toThrow("must not contain aws, amazon or cognito");
});

test("the routes that verify tokens, and no others, get the identity provider", () => {
  const readers = routes.filter(({ grants }) => grants.some(([, on]) => on === "tokenKey")).map(({ name }) => name);
  const onlySign = ["create-session", "list-rooms"];
  expect([...trusting(withProvider), ...onlySign].sort()).toEqual(readers.sort());
  for (const [, { resource }] of routeFunctions(withProvider)) {
    const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, GUESTS } = resource.Properties.Environment.Variables;
    if (issuer !== undefined) expect({ issuer, audience }).toEqual({ issuer: provider.issuer, audience: "parlor" });
    expect(GUESTS).toBeUndefined();
  }
});

test("without guests, everything that takes requests from outside refuses them, and knows the identity provider", () => {
  const { template } = synthesize(dev({ signIn: provider, guests: false }));
  const refusing = [...routeFunctions(template)].flatMap(([route, { resource }]) =>
    resource.Properties.Environment.Variables.GUESTS === "false" ? [route] : [],
  );
  const outside = routes.filter(({ trigger }) => trigger.kind === "http" || trigger.kind === "authorizer");
  expect(refusing.sort()).toEqual(outside.map(({ name }) => name).sort());
  expect(trusting(template).sort()).toEqual(refusing);
  expect(settingsOf(template)).toMatchObject({ guests: false });
});

test("the page may connect to the provider's origins and learns where to sign in", () => {
  expect(connectSources(synthesize(stages.dev).template)).toBe("'self'");
  expect(settingsOf(synthesize(stages.dev).template)).toEqual({ guests: true });
  expect(connectSources(withProvider)).toBe("'self' https://login.example.org");
  expect(settingsOf(withProvider)).toEqual({ guests: true, signIn: { ...provider, sends: "idToken" } });
  const other = { ...provider, audience: "https://api.example.org", tokenOrigin: "https://tokens.example.org" };
  const { template } = synthesize(dev({ signIn: other }));
  expect(connectSources(template)).toBe("'self' https://login.example.org https://tokens.example.org");
  expect(settingsOf(template)).toEqual({ guests: true, signIn: { ...provider, sends: "accessToken" } });
});

test("cognito creates a pool and a public client for this stage's page", () => {
  const { template } = cognito;
  const [[poolId, pool] = []] = ofType(template, "AWS::Cognito::UserPool");
  expect(pool).toMatchObject({ DeletionPolicy: "Retain", Properties: { DeletionProtection: "ACTIVE" } });
  const [[clientId, client] = []] = ofType(template, "AWS::Cognito::UserPoolClient");
  const { Properties } = client ?? {};
  expect(Properties).toMatchObject({
    GenerateSecret: false,
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid", "profile"],
    RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 60 },
    EnableTokenRevocation: true,
    PreventUserExistenceErrors: "ENABLED",
  });
  // Cognito refuses this flow together with rotation.
  expect(Properties.ExplicitAuthFlows).toEqual(["ALLOW_USER_SRP_AUTH"]);
  const page = `${textOf(template.Outputs.SiteUrl?.Value)}/`;
  expect([Properties.CallbackURLs, Properties.LogoutURLs].map((urls) => urls.map(textOf))).toEqual([[page], [page]]);
  const [[, login] = []] = ofType(template, "AWS::Cognito::UserPoolDomain");
  expect(login?.Properties).toMatchObject({ ManagedLoginVersion: 2 });
  expect(ofType(template, "AWS::Cognito::ManagedLoginBranding")).toHaveLength(1);
  expect(settingsOf(template)).toEqual({
    guests: true,
    signIn: { issuer: `<${poolId}.ProviderURL>`, clientId: `<${clientId}>`, sends: "idToken" },
  });
  expect(connectSources(template)).toBe(
    `'self' https://cognito-idp.<AWS::Region>.amazonaws.com https://${textOf(login?.Properties.Domain)}.auth.<AWS::Region>.amazoncognito.com`,
  );
});

test("cognito returns to the page under each of the stage's origins", () => {
  const origins = ["https://chat.example.org"];
  const { template } = synthesize(dev({ signIn: "cognito", origins }));
  const [[, client] = []] = ofType(template, "AWS::Cognito::UserPoolClient");
  const pages = [`${textOf(template.Outputs.SiteUrl?.Value)}/`, "https://chat.example.org/"];
  expect(client?.Properties.CallbackURLs.map(textOf)).toEqual(pages);
  expect(client?.Properties.LogoutURLs.map(textOf)).toEqual(pages);
});

test("a stage that does not keep its data deletes its user pool with the stack", () => {
  const [[, pool] = []] = ofType(synthesize(dev({ signIn: "cognito" })).template, "AWS::Cognito::UserPool");
  expect(pool).toMatchObject({ DeletionPolicy: "Delete", Properties: { DeletionProtection: "INACTIVE" } });
});

test("cognito has no unacknowledged findings of cdk-nag", () => {
  const findings = new AwsSolutionsChecks().validateScope(cognito.app).violations;
  expect(findings.map(({ ruleName, violatingResources }) => ({ ruleName, violatingResources }))).toEqual([]);
});
