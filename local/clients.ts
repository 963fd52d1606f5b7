// AWS clients that talk to a local cloud.
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { S3Client } from "@aws-sdk/client-s3";
import type { Instance } from "./instance.ts";

const config = ({ endpoint }: Instance) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

/** Uses path-style addresses: subdomains of localhost do not resolve everywhere. */
export const s3 = (at: Instance) => new S3Client({ ...config(at), forcePathStyle: true });

export const cloudFormation = (at: Instance) => new CloudFormationClient(config(at));
