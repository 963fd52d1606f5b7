import { S3Client } from "@aws-sdk/client-s3";
import type { Instance } from "./instance.ts";

/** Buckets by path: names below localhost do not resolve everywhere. */
export const s3 = (at: Instance) =>
  new S3Client({
    endpoint: at.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
  });
