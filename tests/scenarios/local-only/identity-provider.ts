// Controls the identity provider of a local cloud, and signs tokens with its keys.

import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { LOCAL_CLIENT_ID } from "../../../cdk/stages.ts";
import { encode } from "../../support/jwt.ts";

/** One of the provider's keys. */
export class SigningKey {
  readonly id = randomUUID();
  readonly public: KeyObject;
  readonly #private: KeyObject;
  readonly #algorithm: "RS256" | "ES256";

  private constructor(
    algorithm: "RS256" | "ES256",
    { publicKey, privateKey }: Record<`${"public" | "private"}Key`, KeyObject>,
  ) {
    this.#algorithm = algorithm;
    this.public = publicKey;
    this.#private = privateKey;
  }

  static rsa(): SigningKey {
    return new SigningKey("RS256", generateKeyPairSync("rsa", { modulusLength: 2048 }));
  }

  static ec(): SigningKey {
    return new SigningKey("ES256", generateKeyPairSync("ec", { namedCurve: "P-256" }));
  }

  get jwk(): object {
    return { ...this.public.export({ format: "jwk" }), kid: this.id, alg: this.#algorithm, use: "sig" };
  }

  get header(): object {
    return { alg: this.#algorithm, typ: "JWT", kid: this.id };
  }

  sign(claims: object): string {
    const message = `${encode(this.header)}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(message), { key: this.#private, dsaEncoding: "ieee-p1363" });
    return `${message}.${signature.toString("base64url")}`;
  }
}

export class IdentityProvider {
  readonly issuer: string;

  constructor(issuer: string) {
    this.issuer = issuer;
  }

  /** Replaces its keys. Without any it is unreachable. */
  async publish(...keys: readonly SigningKey[]): Promise<void> {
    const body = JSON.stringify(keys.map(({ jwk }) => jwk));
    await fetch(`${this.issuer}/published`, { method: "PUT", body });
  }

  /** Returns how often its keys were read since the last `publish`. */
  async reads(): Promise<number> {
    const response = await fetch(`${this.issuer}/published`);
    return ((await response.json()) as { reads: number }).reads;
  }

  /** Returns the claims of a token that is valid for ten minutes. */
  claims(about: { readonly sub: string; readonly name?: string }): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return { iss: this.issuer, aud: LOCAL_CLIENT_ID, iat: now, exp: now + 600, ...about };
  }
}
