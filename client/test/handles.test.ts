import { expect, test } from "vitest";
import { connect, startServer, until } from "./support.ts";

test("registering a handle returns its person, or rejects with the refusal", async () => {
  const server = await startServer();
  const client = connect(server, { token: "ada.token" });
  await expect(client.register("ada")).rejects.toMatchObject({ code: "disconnected" });
  client.connect();
  await until(() => client.state === "open");
  const profile = await client.register("@ada");
  expect(profile).toEqual({ userId: "ada", name: expect.any(String), handle: "ada" });
  server.intercept = ({ action }) => action === "register" && "handleTaken";
  await expect(client.register("bob")).rejects.toMatchObject({ code: "handleTaken", retryable: false });
});
