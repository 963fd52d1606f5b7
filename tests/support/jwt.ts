// Builds parts of JSON Web Tokens that no library would sign.

import { createHmac } from "node:crypto";

export const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs `message` (header and claims) with HS256, whatever algorithm its header names. */
export const hs256 = (message: string, key: string | Buffer) =>
  `${message}.${createHmac("sha256", key).update(message).digest("base64url")}`;
