// Runs at CloudFront's edge before each request for the page or for /api/docs. Serves the page, instead of S3's error, for every
// path that is not one of its files; the page then shows what is there. The APIs have their own behaviors and keep their errors.

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls this name.
function handler(event) {
  var request = event.request;
  if (/^\/api\/docs\/?$/.test(request.uri)) request.uri = "/docs.html";
  else if (!/^\/(assets\/.+|(config|manifest)\.json|(favicon|maskable)\.svg)$/.test(request.uri))
    request.uri = "/index.html";
  return request;
}
