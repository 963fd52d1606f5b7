// Starts the local clouds that prove grants in parallel, each one grant at a time. Each has an identity provider.

import { mkdir, rm } from "node:fs/promises";
import type { Route } from "../../cdk/routes/index.ts";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { instance } from "../../local/instance.ts";
import { startIssuer } from "../../local/issuer.ts";
import { freePort } from "../../local/ministack.ts";
import { routesOn } from "../../local/routes.ts";
import { type Cloud, openCloud } from "./cloud.ts";
import { reporting } from "./decisions.ts";

/** Proving mostly waits, so 2 processors can serve more clouds than that. Each takes some 10 s to start. */
const COUNT = 3;

export interface Clouds {
  readonly clouds: readonly Cloud[];
  /** As deployed to each of them. */
  readonly routes: readonly Route[];
  stop(): Promise<void>;
}

export async function startClouds(count = COUNT): Promise<Clouds> {
  const clouds: Cloud[] = [];
  const issuers = await Promise.all(Array.from({ length: count }, () => startIssuer()));
  const routes = routesOn({ issuer: issuers[0] });
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(stops.map((each) => each()));
  };
  try {
    for (const issuer of issuers) {
      const at = reporting({ ...instance(await freePort()), issuer });
      await mkdir(at.folder, { recursive: true });
      let cloud: LocalCloud | undefined;
      stops.push(async () => {
        cloud?.stop();
        await rm(at.folder, { recursive: true });
      });
      cloud = await startLocalCloud(at, () => {});
      clouds.push(await openCloud(at, cloud, routes));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { clouds, routes, stop };
}
