// How the template of the local cloud differs from that for AWS.

/**
 * What `emulatorPort` changes in the template. `changes` match places in the template, written as
 * `<resource type> <logical id> <property path>`. A test fails if any other place differs; `npm run diff:local` prints them all.
 */
export const localDifferences = [
  {
    name: "host build",
    reason: "The local cloud runs functions as processes of this machine, so cargo builds them for its processor.",
    changes: [/^AWS::Lambda::Function \S+ Architectures/],
  },
  {
    name: "addresses",
    reason:
      "The local cloud answers on localhost, addresses APIs by path, and its CloudFront does not forward WebSockets.",
    changes: [
      /^AWS::Lambda::Function \S+ Environment\.Variables\.(CALLBACK_URL|SITE_URL|ORIGINS)$/,
      /^AWS::CloudFront::Distribution \S+ DistributionConfig\.Origins\.1\./,
      /^AWS::CloudFront::ResponseHeadersPolicy \S+ \S+\.ContentSecurityPolicy\.ContentSecurityPolicy$/,
      /^Output (SiteUrl|WebSocketUrl|ApiUrl) /,
    ],
  },
  {
    name: "plain http",
    reason: "The local cloud has no certificate, so its CloudFront, bucket and queue accept http.",
    changes: [
      /^AWS::CloudFront::Distribution \S+ \S+\.ViewerProtocolPolicy$/,
      /^AWS::S3::BucketPolicy SiteBucket\S+ .*aws:SecureTransport/,
      /^AWS::SQS::QueuePolicy (Unanswered|Untold)QueuePolicy\S+ /,
    ],
  },
  {
    name: "webhooks on this machine",
    reason: "A program that is tried out here has no certificate and no address of the Internet.",
    changes: [/^AWS::Lambda::Function \S+ Environment\.Variables\.HOOKS_TO_LOOPBACK$/],
  },
  {
    name: "page upload",
    reason:
      "The local cloud lacks the runtime of BucketDeployment (boto3, the AWS CLI), so `npm start` uploads the page.",
    changes: [/^\S+ Page\S+ /, /^\S+ CustomCDKBucketDeployment\S+ /],
  },
  {
    name: "monitoring",
    reason:
      "The local cloud has no dashboards and no alarms on several metrics. Its functions write their metrics, and nobody reads them.",
    changes: [/^AWS::(CloudWatch|SNS)::\S+ Monitoring\S+ /],
  },
] as const;
