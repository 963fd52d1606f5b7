// The roles with which GitHub deploys one stage. A stack of its own, deployed by `npm run pipeline`, not by the pipeline.
import {
  type App,
  Aws,
  BootstraplessSynthesizer,
  CfnOutput,
  Duration,
  type IStackSynthesizer,
  RemovalPolicy,
  Stack,
} from "aws-cdk-lib";
import { OidcProviderNative, PolicyDocument, PolicyStatement, Role, WebIdentityPrincipal } from "aws-cdk-lib/aws-iam";
import { acknowledgeFinding } from "./cdk-nag.ts";
import type { StageName } from "./stages.ts";

export const GITHUB = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

export interface PipelineProps {
  readonly stage: Exclude<StageName, "local">;
  /** As GitHub's tokens name it: `owner/name`, or `owner@ID/name@ID` for repositories with immutable subjects. */
  readonly repository: string;
  /** Regions in which the stage has stacks besides the one that this stack is deployed to: that of its certificate. */
  readonly otherRegions?: readonly string[];
  /** The ARN of the account's identity provider for GitHub. The stack creates one if it is not given; an account has at most one. */
  readonly provider?: string;
}

/** The roles of `npx cdk bootstrap`. Those for images are not here: the stage has none. */
const BOOTSTRAP = { deploy: "deploy-role", files: "file-publishing-role", lookup: "lookup-role" };

export class PipelineStack extends Stack {
  constructor(app: App, id: string, { stage, repository, otherRegions = [], provider }: PipelineProps) {
    // Deployed with the operator's own credentials: it has no files, and creates what the bootstrap roles are protected by.
    super(app, id, {
      // The class does not satisfy the interface under `exactOptionalPropertyTypes`.
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      description: `Lets GitHub deploy parlor-${stage} from ${repository}`,
      terminationProtection: true,
    });
    // Which of these is the stack's own Region is known on deployment only: a statement may name a role twice.
    const regions = [this.region, ...otherRegions];
    const trusted = provider ?? this.createProvider();
    // Each GitHub environment has a role of its own: a job of another, or of another repository, cannot take it on.
    const role = (environment: string, names: readonly string[], statements: PolicyStatement[] = []) => {
      const created = new Role(this, `${environment.replace("-", "")}Role`, {
        description: `GitHub: ${repository}, environment ${environment}`,
        // A deployment that is undone builds twice.
        maxSessionDuration: Duration.hours(2),
        assumedBy: new WebIdentityPrincipal(trusted, {
          StringEquals: {
            [`${GITHUB}:aud`]: AUDIENCE,
            [`${GITHUB}:sub`]: `repo:${repository}:environment:${environment}`,
          },
        }),
        inlinePolicies: {
          Bootstrap: new PolicyDocument({
            statements: [
              new PolicyStatement({
                actions: ["sts:AssumeRole"],
                resources: names.flatMap((name) => regions.map((region) => this.bootstrapRole(name, region))),
              }),
              ...statements,
            ],
          }),
        },
      });
      const output = `${environment.split("-").map(capitalize).join("")}Role`;
      new CfnOutput(this, output, {
        value: created.roleArn,
        description: `The variable DEPLOY_ROLE of the environment ${environment}`,
      });
      return created;
    };

    const ofStage = this.formatArn({ service: "cloudformation", resource: "stack", resourceName: `parlor-${stage}/*` });
    const deploys = role(stage, Object.values(BOOTSTRAP), [
      new PolicyStatement({ actions: ["cloudformation:DescribeStacks"], resources: [ofStage] }),
    ]);
    acknowledgeFinding(
      deploys,
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/parlor-${stage}/*]`,
      "A stack's ARN ends with an id that is not known in advance.",
    );
    // Shows what would change, before anyone approves.
    if (stage === "prod") role("prod-diff", [BOOTSTRAP.lookup]);
  }

  private createProvider(): string {
    return new OidcProviderNative(this, "GitHub", {
      url: `https://${GITHUB}`,
      clientIds: [AUDIENCE],
      // Other stages' and other projects' roles may trust it too.
      removalPolicy: RemovalPolicy.RETAIN,
    }).oidcProviderArn;
  }

  private bootstrapRole(name: string, region: string): string {
    return `arn:${Aws.PARTITION}:iam::${this.account}:role/cdk-hnb659fds-${name}-${this.account}-${region}`;
  }
}

const capitalize = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
