// Amazon Cognito: people's accounts, the page's client and the login page.
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  UserPool as CognitoUserPool,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  UserPoolClientIdentityProvider,
} from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import { acknowledgeFinding } from "./cdk-nag.ts";
import type { Stage } from "./stages.ts";

export interface UserPoolProps {
  readonly stage: Stage;
  readonly siteUrl: string;
  readonly domainPrefix: string;
}

/** An identity provider: whose tokens the functions accept. */
export class UserPool extends Construct {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;

  constructor(scope: Construct, id: string, { stage, siteUrl, domainPrefix }: UserPoolProps) {
    super(scope, id);
    const pool = new CognitoUserPool(this, "Pool", {
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      keepOriginal: { email: true },
      standardAttributes: {
        email: { required: true, mutable: true },
        fullname: { required: true, mutable: true },
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { sms: false, otp: true },
      passwordPolicy: {
        minLength: 12,
        requireDigits: false,
        requireLowercase: false,
        requireSymbols: false,
        requireUppercase: false,
      },
      deletionProtection: stage.keepsData,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledgeFinding(pool, "AwsSolutions-COG1", "Length protects better than kinds of characters (NIST SP 800-63B).");
    acknowledgeFinding(pool, "AwsSolutions-COG2", "A second factor is each person's choice.");
    acknowledgeFinding(pool, "AwsSolutions-COG8", "Threat protection is billed monthly for each person who signs in.");

    const pages = [siteUrl, ...(stage.origins ?? [])].map((origin) => `${origin}/`);
    const client = pool.addClient("Page", {
      generateSecret: false,
      authFlows: { userSrp: true },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.PROFILE],
        callbackUrls: pages,
        logoutUrls: pages,
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      // A page whose answer was lost may renew with the former token once more.
      refreshTokenRotationGracePeriod: Duration.seconds(60),
    });
    const login = pool.addDomain("Login", {
      cognitoDomain: { domainPrefix },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    // Without a style, the login page shows an error.
    const style = new CfnManagedLoginBranding(this, "Style", {
      userPoolId: pool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    style.node.addDependency(login);

    this.issuer = pool.userPoolProviderUrl;
    this.clientId = client.userPoolClientId;
    this.audience = this.clientId;
  }
}
