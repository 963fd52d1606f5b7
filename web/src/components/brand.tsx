// The logo and the name, linked to the lobby. The logo is inline, so that it shows offline too.
import { brandName, logo } from "../../brand.ts";
import { lobbyHref } from "../state/route.ts";

export function Brand() {
  return (
    <a class="brand" href={lobbyHref}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        {logo.map(({ fill, path }) => (
          <path key={path} fill={fill} d={path} />
        ))}
      </svg>
      {brandName}
    </a>
  );
}
