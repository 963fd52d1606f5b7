// The routes of a local cloud.
import { type Route, routesOf } from "../cdk/routes/index.ts";
import { readStage } from "../cdk/stages.ts";

/** Includes the grants that a route needs only in a stage with an identity provider, if the cloud has one. */
export const routesOn = ({ issuer }: { readonly issuer?: string | undefined }): readonly Route[] =>
  routesOf(readStage("local", { issuer }));
