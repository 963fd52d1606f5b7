// The setting `domain`: a host name of the stage's own.

export interface Domain {
  /** The host of the page and both APIs: `chat.example.org`, in lower case. */
  readonly name: string;
  /**
   * The Route 53 hosted zone of the name, in the same account: the deployment then makes the records. Without it, somebody makes
   * them elsewhere: one that proves to the certificate's issuer whose name it is, and one that leads to CloudFront (docs/operating.md).
   */
  readonly zoneId?: string;
  /** A certificate for the name in us-east-1, where CloudFront looks. By default, a stack of its own there requests one. */
  readonly certificateArn?: string;
}

/** The Region of certificates for CloudFront. */
export const CERTIFICATE_REGION = "us-east-1";

/** Whether a stack of its own requests the certificate. */
export const requestsCertificate = (domain: Domain | undefined) => domain !== undefined && !domain.certificateArn;

/** Returns what is wrong with the setting, if anything. */
export function domainProblem({ name, zoneId, certificateArn }: Domain): string | undefined {
  if (name.length > 253 || !/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/.test(name)) {
    return `domain.name is "${name}", but must be a host name in lower case, without scheme or path: chat.example.org.`;
  }
  if (zoneId !== undefined && !/^Z[A-Z0-9]{1,31}$/.test(zoneId)) {
    return `domain.zoneId is "${zoneId}", but must be the id of a Route 53 hosted zone: Z0123456789ABCDEFGHIJ.`;
  }
  if (certificateArn !== undefined && !/^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/.test(certificateArn)) {
    return (
      `domain.certificateArn is "${certificateArn}", but must be like arn:aws:acm:us-east-1:123456789012:certificate/<id>: ` +
      "CloudFront takes certificates from us-east-1 only."
    );
  }
  return undefined;
}
