// Addresses of the page, the APIs and CloudFront's origins. On AWS, everything public is behind one CloudFront host. The local
// cloud answers on localhost, addresses APIs by path, and its CloudFront does not forward WebSockets.
import { Fn, Stack } from "aws-cdk-lib";
import type { HttpApi, IApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { type IDistribution, type IOrigin, OriginProtocolPolicy } from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import type { Stage } from "./stages.ts";

/** Where handlers post to connections. */
export function callbackUrl({ emulatorPort }: Stage, webSocketStage: WebSocketStage): string {
  return emulatorPort ? `http://${emulatorPath(emulatorPort, webSocketStage)}` : webSocketStage.callbackUrl;
}

export function siteUrl(stage: Stage, distribution: IDistribution): string {
  return stage.emulatorPort
    ? `http://${Fn.select(0, Fn.split(".", distribution.distributionDomainName))}.cloudfront.localhost:${stage.emulatorPort}`
    : `https://${publicHost(stage, distribution)}`;
}

export function webSocketUrl(stage: Stage, distribution: IDistribution, webSocketStage: WebSocketStage): string {
  return stage.emulatorPort
    ? `ws://${emulatorPath(stage.emulatorPort, webSocketStage)}`
    : `wss://${publicHost(stage, distribution)}/${webSocketStage.stageName}`;
}

/** The HTTP API for clients other than the page: few systems resolve the local cloud's CloudFront host. */
export function apiUrl(stage: Stage, distribution: IDistribution, api: HttpApi): string {
  return stage.emulatorPort
    ? `http://localhost:${stage.emulatorPort}/_aws/execute-api/${api.apiId}/api`
    : `https://${publicHost(stage, distribution)}/api`;
}

const publicHost = ({ domain }: Stage, distribution: IDistribution) =>
  domain?.name ?? distribution.distributionDomainName;

/** Origins that the page may connect to, besides its own. */
export function connectSources({ emulatorPort }: Stage): string[] {
  return emulatorPort ? [`ws://localhost:${emulatorPort}`] : [];
}

/** CloudFront's origin for the HTTP API. It adds `customHeaders` to each request. */
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

/** CloudFront's origin for the WebSocket API, whose path is the name of its stage. */
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
