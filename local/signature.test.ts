import { expect, test } from "vitest";
import { sign } from "./signature.ts";

// From AWS's test suite of Signature Version 4: `post-vanilla`.
const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const scope = { region: "us-east-1", service: "service" };
const at = new Date("2015-08-30T12:36:00Z");
const signature = (url: string, by = key) =>
  sign({ method: "POST", url, headers: {}, body: "" }, scope, by, at).headers.authorization?.split("Signature=")[1];

test("produces the signature of AWS's example", () => {
  expect(signature("https://example.amazonaws.com/")).toBe(
    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  );
});

test("signs the session token of temporary credentials", () => {
  const { headers } = sign(
    { method: "POST", url: "https://example.amazonaws.com/", headers: {}, body: "" },
    scope,
    { ...key, sessionToken: "token" },
    at,
  );
  expect(headers["x-amz-security-token"]).toBe("token");
  expect(headers.authorization).toContain("SignedHeaders=host;x-amz-date;x-amz-security-token,");
});

test("signs the path", () => {
  expect(signature("https://example.amazonaws.com/@connections/a")).not.toBe(
    signature("https://example.amazonaws.com/@connections/b"),
  );
});
