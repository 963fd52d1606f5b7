// Runs at CloudFront's edge before each request for the page: whatever address is no file of the page is answered with the
// page, which says what is there, and not with S3's error. The APIs have behaviours of their own: their errors stay theirs.

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  var request = event.request;
  if (!/^\/(assets\/.+|config\.json|favicon\.svg)$/.test(request.uri)) request.uri = "/index.html";
  return request;
}
