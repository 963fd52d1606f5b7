// Publishes the built page to its bucket on AWS, with `config.json`: the addresses to connect to, and how to sign in.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { AssetHashType, DockerImage, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { BucketDeployment, CacheControl, Source } from "aws-cdk-lib/aws-s3-deployment";
import { Construct } from "constructs";
import { acknowledgeFinding, acknowledgeWildcard } from "./cdk-nag.ts";
import { functionRole } from "./function-role.ts";
import type { Stage } from "./stages.ts";

export interface PageProps {
  readonly stage: Stage;
  readonly bucket: IBucket;
  readonly webSocketUrl: string;
  readonly apiUrl: string;
  readonly settings: object;
}

export class Page extends Construct {
  constructor(scope: Construct, id: string, { stage, bucket, webSocketUrl, apiUrl, settings }: PageProps) {
    super(scope, id);
    const built = new Asset(this, "Built", {
      path: join(root, "web"),
      assetHashType: AssetHashType.OUTPUT,
      bundling: { image: DockerImage.fromRegistry("none"), local: { tryBundle: build } },
    });
    const logs = new LogGroup(this, "Logs", { retention: stage.logRetention, removalPolicy: RemovalPolicy.DESTROY });
    const assets = built.bucket.arnForObjects("*");
    const files = bucket.arnForObjects("*");
    const role = functionRole(this, `Parlor ${stage.name}: publishes the page`, logs, [
      ["s3:GetObject", assets],
      ["s3:ListBucket", bucket.bucketArn],
      ["s3:PutObject", files],
      ["s3:GetBucketTagging", bucket.bucketArn],
      ["s3:DeleteObject", files],
    ]);
    acknowledgeWildcard(role, assets, "Every version of the page has a different name in the CDK's bucket.");
    acknowledgeWildcard(role, files, "Only the build knows the names of the page's files.");

    const source = Source.bucket(built.bucket, built.s3ObjectKey);
    const shared = {
      // By name: the CDK would tag the bucket construct itself, and does not empty a bucket with that tag.
      destinationBucket: Bucket.fromBucketName(this, "Bucket", bucket.bucketName),
      role: role.withoutPolicyUpdates(),
      logGroup: logs,
      // Open pages still load files of their own version.
      prune: false,
    };
    const hashed = new BucketDeployment(this, "HashedFiles", {
      ...shared,
      // Empties the bucket when the stack is deleted, after Entry and before the bucket. Changing this construct's id empties it
      // too, and the page is gone until the next deployment.
      retainOnDelete: false,
      sources: [source],
      exclude: ["*"],
      include: ["assets/*"],
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    // CloudFront revalidates these on each request, so nothing has to be invalidated.
    const entry = new BucketDeployment(this, "Entry", {
      ...shared,
      sources: [source, Source.jsonData("config.json", { webSocketUrl, apiUrl, ...settings })],
      exclude: ["assets/*"],
      cacheControl: [CacheControl.noCache()],
    });
    entry.node.addDependency(hashed);

    const handler = Stack.of(this).node.children.find(({ node }) => node.id.startsWith("Custom::CDKBucketDeployment"));
    if (handler) acknowledgeFinding(handler, "AwsSolutions-L1", "The CDK chooses the runtime of its own function.");
  }
}

const root = join(import.meta.dirname, "..");

/** Builds the page and /api/docs during bundling, so that `cdk deploy` alone deploys everything. */
function build(outDir: string): true {
  for (const config of ["web/vite.config.ts", "web/vite.docs.config.ts"]) {
    const { status, error } = spawnSync("npx", ["vite", "build", "web", "--config", config, "--outDir", outDir], {
      cwd: root,
      // If the shell sets `development`, Vite builds a development page.
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", process.stderr, "inherit"],
    });
    if (status !== 0) throw error ?? new Error("Building the page failed: see the output above.");
  }
  return true;
}
