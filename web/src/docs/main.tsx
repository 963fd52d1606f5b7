// The entry point of /api/docs, where people try the HTTP API and the frames. It shows the documents that
// `npm run generate` writes.
import { render } from "preact";
import asyncApi from "../../../docs/protocol/asyncapi.json";
import { FrameConsole } from "./frame-console.tsx";
import { type AsyncApi, actionsOf } from "./frames.ts";
import { Licenses } from "./licenses.tsx";
import { showRequests } from "./requests.ts";
import "virtual:brand.css";
import "./docs.css";

const element = (id: string) => document.getElementById(id) as HTMLElement;

showRequests(element("request-viewer"));
render(<FrameConsole actions={actionsOf(asyncApi as unknown as AsyncApi)} />, element("frame-console"));
render(<Licenses />, element("licenses"));
