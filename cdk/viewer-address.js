// Runs at CloudFront's edge before each request to the APIs. Sets this header to the viewer's address, replacing what the viewer
// sent under this name. `handlers/chat/src/edge.rs` trusts it only together with the edge key.

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls this name.
function handler(event) {
  event.request.headers["x-parlor-viewer"] = { value: event.viewer.ip };
  return event.request;
}
