// The certificate of a stage's domain, in a stack of its own: CloudFront takes certificates from one Region only.
import { type App, CfnOutput, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Certificate, CertificateValidation } from "aws-cdk-lib/aws-certificatemanager";
import { HostedZone } from "aws-cdk-lib/aws-route53";
import { CERTIFICATE_REGION, type Domain } from "./domain.ts";

/** The output with the certificate's ARN, which the stage's stack reads across Regions. */
export const CERTIFICATE_OUTPUT = "CertificateArn";

export const certificateStackName = (stackName: string) => `${stackName}-certificate`;

export class CertificateStack extends Stack {
  constructor(app: App, stackName: string, { name, zoneId }: Domain) {
    super(app, certificateStackName(stackName), {
      env: { region: CERTIFICATE_REGION },
      description: `The certificate of ${stackName}, for ${name}`,
    });
    const certificate = new Certificate(this, "Certificate", {
      domainName: name,
      // Without a zone, CloudFormation waits until somebody has made the record.
      validation: CertificateValidation.fromDns(zoneId ? HostedZone.fromHostedZoneId(this, "Zone", zoneId) : undefined),
    });
    // CloudFront uses it until the stage's stack has been updated.
    certificate.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    new CfnOutput(this, CERTIFICATE_OUTPUT, { value: certificate.certificateArn });
  }
}
