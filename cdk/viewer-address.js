// Runs at CloudFront's edge before each request to the APIs: passes the viewer's address on, in place of whatever the viewer
// sends under this name. `handlers/chat/src/edge.rs` believes it only beside the edge key.

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  event.request.headers["x-parlor-viewer"] = { value: event.viewer.ip };
  return event.request;
}
