// Where the parts find each other, and where people find them. On AWS everything public is behind one CloudFront host;
// the local cloud answers on localhost, addresses APIs by path, and its CloudFront passes no WebSockets on.
import { Fn, Stack } from "aws-cdk-lib";
import type { HttpApi, IApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { type IDistribution, type IOrigin, OriginProtocolPolicy } from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import type { Stage } from "./stages.ts";

/** Where handlers post to connections. */
export function callbackUrl({ emulatorPort }: Stage, webSocketStage: WebSocketStage): string {
  return emulatorPort ? `http://${emulatorPath(emulatorPort, webSocketStage)}` : webSocketStage.callbackUrl;
}

export function siteUrl({ emulatorPort }: Stage, distribution: IDistribution): string {
  const host = distribution.distributionDomainName;
  return emulatorPort
    ? `http://${Fn.select(0, Fn.split(".", host))}.cloudfront.localhost:${emulatorPort}`
    : `https://${host}`;
}

export function webSocketUrl({ emulatorPort }: Stage, distribution: IDistribution, stage: WebSocketStage): string {
  return emulatorPort
    ? `ws://${emulatorPath(emulatorPort, stage)}`
    : `wss://${distribution.distributionDomainName}/${stage.stageName}`;
}

/** Of the HTTP API, for clients that are not the page: few systems resolve the local cloud's CloudFront host. */
export function apiUrl({ emulatorPort }: Stage, distribution: IDistribution, api: HttpApi): string {
  return emulatorPort
    ? `http://localhost:${emulatorPort}/_aws/execute-api/${api.apiId}/api`
    : `https://${distribution.distributionDomainName}/api`;
}

/** Where the page may connect to, beside its own host. */
export function connectSources({ emulatorPort }: Stage): string[] {
  return emulatorPort ? [`ws://localhost:${emulatorPort}`] : [];
}

/** Where CloudFront finds the HTTP API, and what it adds to each request. */
export function apiOrigin({ emulatorPort }: Stage, api: HttpApi, customHeaders: Record<string, string>): IOrigin {
  return emulatorPort
    ? new HttpOrigin("localhost", {
        originPath: `/_aws/execute-api/${api.apiId}`,
        protocolPolicy: OriginProtocolPolicy.HTTP_ONLY,
        httpPort: emulatorPort,
        customHeaders,
      })
    : executeApiOrigin(api, customHeaders);
}

/** Where CloudFront finds the WebSocket API; its stage's name is the path. */
export function webSocketOrigin({ api }: WebSocketStage, customHeaders: Record<string, string>): IOrigin {
  return executeApiOrigin(api, customHeaders);
}

function executeApiOrigin(api: IApi, customHeaders: Record<string, string>): IOrigin {
  const { region, urlSuffix } = Stack.of(api);
  return new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`, { customHeaders });
}

function emulatorPath(port: number, { api, stageName }: WebSocketStage): string {
  return `localhost:${port}/_aws/execute-api/${api.apiId}/${stageName}`;
}
