// JSON Web Tokens in parts, for those that no library signs.

import { createHmac } from "node:crypto";

export const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** `message`, which is a header and claims, with the signature of HS256, whatever the header says. */
export const hs256 = (message: string, key: string | Buffer) =>
  `${message}.${createHmac("sha256", key).update(message).digest("base64url")}`;
