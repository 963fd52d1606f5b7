// Puts the built page into its bucket on AWS, with `config.json`, which tells it where to connect.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { AssetHashType, DockerImage, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { BucketDeployment, CacheControl, Source } from "aws-cdk-lib/aws-s3-deployment";
import { Construct } from "constructs";
import { acknowledge, acknowledgeWildcard } from "./acknowledge.ts";
import { functionRole } from "./function-role.ts";
import type { Stage } from "./stages.ts";

export interface PageProps {
  readonly stage: Stage;
  readonly bucket: IBucket;
  readonly webSocketUrl: string;
  readonly apiUrl: string;
}

export class Page extends Construct {
  constructor(scope: Construct, id: string, { stage, bucket, webSocketUrl, apiUrl }: PageProps) {
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
    acknowledgeWildcard(role, assets, "Each version of the page has another name in the CDK's bucket.");
    acknowledgeWildcard(role, files, "The page's files have names that only its build knows.");

    const source = Source.bucket(built.bucket, built.s3ObjectKey);
    const shared = {
      // By its name: the CDK tags a bucket that it knows more of, and does not empty one with such a tag.
      destinationBucket: Bucket.fromBucketName(this, "Bucket", bucket.bucketName),
      role: role.withoutPolicyUpdates(),
      logGroup: logs,
      // Pages that are open keep loading the files of their own version.
      prune: false,
    };
    const hashed = new BucketDeployment(this, "HashedFiles", {
      ...shared,
      // Empties the bucket when the stack is deleted, after Entry and before the bucket, and when this construct gets another
      // id: then the page is gone until the next deployment.
      retainOnDelete: false,
      sources: [source],
      exclude: ["*"],
      include: ["assets/*"],
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    // CloudFront asks for these again each time, so that nothing has to be invalidated.
    const entry = new BucketDeployment(this, "Entry", {
      ...shared,
      sources: [source, Source.jsonData("config.json", { webSocketUrl, apiUrl })],
      exclude: ["assets/*"],
      cacheControl: [CacheControl.noCache()],
    });
    entry.node.addDependency(hashed);

    const handler = Stack.of(this).node.children.find(({ node }) => node.id.startsWith("Custom::CDKBucketDeployment"));
    if (handler) acknowledge(handler, "AwsSolutions-L1", "The CDK chooses the runtime of its own handler.");
  }
}

const root = join(import.meta.dirname, "..");

/** While the stack is bundled, so that `cdk deploy` alone deploys everything. */
function build(outDir: string): true {
  const { status, error } = spawnSync("npx", ["vite", "build", "web", "--outDir", outDir, "--emptyOutDir"], {
    cwd: root,
    // A shell that says `development` would get a page for developers.
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", process.stderr, "inherit"],
  });
  if (status !== 0) throw error ?? new Error("The page could not be built: see the lines above.");
  return true;
}
