// Builds the page and /api/docs with Vite and uploads them together with config.json: the addresses, and how to sign in.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { lookup } from "mime-types";
import { s3 } from "./clients.ts";
import type { Instance } from "./instance.ts";
import type { StackOutputs } from "./outputs.ts";
import { run } from "./processes.ts";

const built = "web/dist";

let build: Promise<void> | undefined;

/** Builds the page and /api/docs once per process, for however many local clouds. */
export function buildPage(onLine: (line: string) => void): Promise<void> {
  build ??= buildAll(onLine);
  return build;
}

async function buildAll(onLine: (line: string) => void): Promise<void> {
  const failure = "The page could not be built: see the lines above.";
  for (const config of ["web/vite.config.ts", "web/vite.docs.config.ts"]) {
    await run("node_modules/.bin/vite", ["build", "web", "--config", config], { onLine, failure });
  }
}

export async function uploadPage(at: Instance, outputs: StackOutputs): Promise<void> {
  const client = s3(at);
  const put = (Key: string, Body: Uint8Array | string) =>
    client.send(
      new PutObjectCommand({
        Bucket: outputs.SiteBucketName,
        Key,
        Body,
        ContentType: lookup(Key) || "application/octet-stream",
        CacheControl: Key.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      }),
    );
  const entries = await readdir(built, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(files.map(async (file) => put(file.slice(built.length + 1), await readFile(file))));
  const addresses = { webSocketUrl: outputs.WebSocketUrl, apiUrl: `${outputs.SiteUrl}/api` };
  await put("config.json", JSON.stringify({ ...addresses, ...JSON.parse(outputs.PageSettings) }));
}
