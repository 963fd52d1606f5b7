// GitHub's identity provider in an account.
import { GITHUB } from "../../cdk/pipeline.ts";
import { Failure } from "../../local/failure.ts";
import type { Account } from "./account.ts";

const AUDIENCE = "sts.amazonaws.com";

/** Returns the ARN of the account's identity provider for GitHub. Undefined if it has none. */
export async function findProvider(
  account: Pick<Account, "identityProviders" | "audiences">,
): Promise<string | undefined> {
  const provider = (await account.identityProviders()).find((arn) => arn.endsWith(`:oidc-provider/${GITHUB}`));
  if (provider && !(await account.audiences(provider)).includes(AUDIENCE)) {
    throw new Failure(
      `${provider} does not accept the audience ${AUDIENCE}: run \`aws iam add-client-id-to-open-id-connect-provider ` +
        `--open-id-connect-provider-arn ${provider} --client-id ${AUDIENCE}\`, then this command again.`,
    );
  }
  return provider;
}

/**
 * Returns the repository as GitHub's tokens name it: `owner/name` or, with the numbers that never change, `owner@1/name@2`
 * (https://docs.github.com/actions/concepts/security/openid-connect).
 */
export function subjectFrom(repository = ""): string {
  if (/^[\w-]{1,39}(\/[\w.-]{1,100}|@\d+\/[\w.-]{1,100}@\d+)$/.test(repository)) return repository;
  throw new Failure("Name the repository on GitHub: `--repository owner/name`, or `owner@ID/name@ID`.");
}

/** Returns `owner/name`. */
export const nameOf = (subject: string) => subject.replaceAll(/@\d+/g, "");
