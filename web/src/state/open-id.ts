// OpenID Connect: Authorization Code with PKCE. A chunk of its own, which only people who sign in download.
import * as oauth from "oauth4webapi";
import type { Person } from "../../../client/src/index.ts";
import { type SignInReturn, storeAttempt } from "../browser/sign-in-return.ts";
import { type SignInFailure, signInProblemText } from "../text/sign-in-outcome.ts";
import type { Config, SignInSettings } from "./config.ts";

const TIMEOUT_MS = 10_000;
/** How long before its end a token is renewed; a token of less than two minutes, after half of its time. */
const RENEW_BEFORE_MS = 60_000;

export interface Tokens {
  /** The one that Parlor gets. */
  readonly token: string;
  /** For ending the session at the provider. */
  readonly idToken: string;
  readonly refreshToken: string | undefined;
  /** By this machine's clock, in milliseconds since 1970. */
  readonly renewAt: number;
  readonly expiresAt: number;
}

export interface Account extends Person, Tokens {
  /** The provider does not renew the token any more: the person signs in again, or goes on as a guest. */
  readonly hasExpired?: true;
}

/** The registered callback and logout address. */
const home = `${location.origin}/`;

/** Leaves for the provider's login page. Returns what the person is told if that fails. */
export async function leaveToSignIn({ signIn }: Config): Promise<string | undefined> {
  try {
    if (signIn) await leave(signIn);
    return undefined;
  } catch (error) {
    return signInProblemText(failureOf(error));
  }
}

/** Exchanges the provider's answer for tokens. Returns what the person is told if that fails. */
export async function redeem({ signIn }: Config, back: SignInReturn): Promise<Tokens | string> {
  try {
    if (!signIn) throw new StaleSignIn();
    return await redeemCode(signIn, back);
  } catch (error) {
    return signInProblemText(failureOf(error));
  }
}

async function leave(settings: SignInSettings): Promise<void> {
  const server = await discover(settings);
  const attempt = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    from: location.hash,
  };
  storeAttempt(attempt);
  // Without this scope many providers give no refresh token; others refuse it.
  const lasting = server.scopes_supported?.includes("offline_access") ? " offline_access" : "";
  location.assign(
    withParameters(server.authorization_endpoint, {
      client_id: settings.clientId,
      response_type: "code",
      redirect_uri: home,
      scope: `openid profile${lasting}`,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: "S256",
    }),
  );
}

async function redeemCode(settings: SignInSettings, { answer, attempt }: SignInReturn): Promise<Tokens> {
  if (!attempt) throw new StaleSignIn();
  const server = await discover(settings);
  const client = clientOf(settings);
  const code = oauth.validateAuthResponse(server, client, answer, attempt.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    code,
    home,
    attempt.verifier,
    options(settings),
  );
  const expected = { expectedNonce: attempt.nonce, requireIdToken: true };
  const tokens = tokensOf(settings, await oauth.processAuthorizationCodeResponse(server, client, response, expected));
  if (!tokens) throw new Error("The identity provider sent no token.");
  return tokens;
}

/** Returns new tokens, or undefined if the provider refuses to renew them. Rejects if it cannot be asked. */
export async function renewTokens(settings: SignInSettings, known: Tokens): Promise<Tokens | undefined> {
  if (known.refreshToken === undefined) return undefined;
  const server = await discover(settings);
  const client = clientOf(settings);
  const { refreshToken } = known;
  try {
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      refreshToken,
      options(settings),
    );
    return tokensOf(settings, await oauth.processRefreshTokenResponse(server, client, response), known);
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && error.status < 500 && error.status !== 429) return undefined;
    throw error;
  }
}

/** Revokes the refresh token and returns where the provider ends its own session, if it has such an address. */
export async function endSession(
  settings: SignInSettings,
  { idToken, refreshToken }: Tokens,
): Promise<string | undefined> {
  const server = await discover(settings);
  if (server.revocation_endpoint !== undefined && refreshToken !== undefined) {
    const client = clientOf(settings);
    await oauth.revocationRequest(server, client, oauth.None(), refreshToken, options(settings)).catch(() => {});
  }
  return (
    server.end_session_endpoint &&
    withParameters(server.end_session_endpoint, {
      client_id: settings.clientId,
      id_token_hint: idToken,
      post_logout_redirect_uri: home,
      // Amazon Cognito's name for it.
      logout_uri: home,
    })
  );
}

function failureOf(error: unknown): SignInFailure {
  if (error instanceof StaleSignIn) return "stale";
  if (error instanceof oauth.AuthorizationResponseError)
    return error.error === "access_denied" ? "cancelled" : "failed";
  const isNetwork = error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError");
  return isNetwork ? "unreachable" : "failed";
}

class StaleSignIn extends Error {}

async function discover(settings: SignInSettings): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(settings.issuer);
  return await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options(settings)));
}

const clientOf = ({ clientId }: SignInSettings): oauth.Client => ({ client_id: clientId });

/** Only a local stage may have an issuer without TLS. */
const options = ({ issuer }: SignInSettings) => ({
  [oauth.allowInsecureRequests]: issuer.startsWith("http:"),
  signal: AbortSignal.timeout(TIMEOUT_MS),
});

function withParameters(endpoint: string | undefined, parameters: Record<string, string>): string {
  if (endpoint === undefined) throw new Error("The identity provider has no login page.");
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Returns undefined if the answer lacks the token that Parlor accepts: some providers renew only access tokens. */
function tokensOf({ sends }: SignInSettings, answer: oauth.TokenEndpointResponse, former?: Tokens): Tokens | undefined {
  const claims = oauth.getValidatedIdTokenClaims(answer);
  const idToken = answer.id_token ?? former?.idToken;
  const token = sends === "idToken" ? answer.id_token : answer.access_token;
  if (token === undefined || idToken === undefined) return undefined;
  const seconds = sends === "idToken" && claims ? claims.exp - claims.iat : (answer.expires_in ?? 3600);
  const refreshToken = answer.refresh_token ?? former?.refreshToken;
  const expiresAt = Date.now() + seconds * 1000;
  const renewAt = refreshToken === undefined ? expiresAt : expiresAt - Math.min(RENEW_BEFORE_MS, seconds * 500);
  return { token, idToken, refreshToken, renewAt, expiresAt };
}
