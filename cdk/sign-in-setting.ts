// The setting of a stage that says how people sign in.
import { SettingError } from "./setting-error.ts";
import { isOrigin } from "./setting-formats.ts";

/** `"cognito"` creates an Amazon Cognito user pool with a login page. */
export type SignIn = "cognito" | OpenIdProvider;

/** Any OpenID Connect provider that has the page as a client: without a secret, with the page's address and `/` as callback. */
export interface OpenIdProvider {
  /** Exactly the `iss` of its tokens. */
  readonly issuer: string;
  /** The page's id at the provider. */
  readonly clientId: string;
  /**
   * The `aud` of accepted tokens or, for access tokens of Amazon Cognito, their `client_id`. Defaults to `clientId`, for which the
   * page sends its ID token. With another audience it sends its access token, which must be a JSON Web Token.
   */
  readonly audience?: string;
  /** The origin of the provider's token endpoint, if it is not that of `issuer`. */
  readonly tokenOrigin?: string;
}

export interface SignInSettings {
  /** The stage's name. */
  readonly name: string;
  readonly signIn?: SignIn;
  readonly guests?: boolean;
}

/** Throws `SettingError` if a setting for signing in is invalid. */
export function validateSignIn({ name, signIn, guests }: SignInSettings): void {
  const isLocal = name === "local";
  const wrong = (problem: string) => new SettingError(`Stage "${name}": ${problem}`);
  if (guests === false && signIn === undefined) {
    throw wrong("guests is false, but signIn is not set: nobody could enter. Set signIn, or remove guests.");
  }
  if (signIn === undefined) return;
  if (signIn === "cognito") {
    if (isLocal)
      throw wrong('signIn is "cognito", which the local cloud does not have. Use an issuer on this machine.');
    return;
  }
  const { issuer, clientId, audience, tokenOrigin } = signIn;
  if (!isIssuer(issuer, isLocal)) {
    throw wrong(`signIn.issuer is "${issuer}", but must be a URL that starts with https://.`);
  }
  if (!clientId) throw wrong("signIn.clientId is empty. It is the page's client id at the identity provider.");
  if (audience === "") throw wrong("signIn.audience is empty. Remove it if it is the clientId.");
  if (tokenOrigin !== undefined && !(isOrigin(tokenOrigin) && isSecure(tokenOrigin, isLocal))) {
    throw wrong(`signIn.tokenOrigin is "${tokenOrigin}", but must be like https://login.example.org, without a path.`);
  }
}

function isIssuer(text: string, mayBeLocal: boolean): boolean {
  return URL.canParse(text) && !/[\s?#]/.test(text) && isSecure(text, mayBeLocal);
}

/** Only the local stage may trust an issuer on this machine without a certificate. */
function isSecure(url: string, mayBeLocal: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (mayBeLocal && protocol === "http:" && /^(127\.0\.0\.1|localhost)$/.test(hostname));
}
