// The room's link, to copy or to scan.
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import encodeQR from "qr";
import { roomLink } from "../../state/route.ts";
import { CopyButton } from "./copy-button.tsx";

/** Light cells around the code, which scanners need. */
const BORDER = 4;

export function RoomLink({ roomId }: { roomId: string }) {
  const link = roomLink(roomId);
  const showsCode = useSignal(false);
  return (
    <section>
      <h3>Link</h3>
      <p class="room-link">{link}</p>
      <div class="details-actions">
        <CopyButton text={link} label="Copy link" />
        <button
          type="button"
          class="button"
          aria-expanded={showsCode.value}
          onClick={() => {
            showsCode.value = !showsCode.value;
          }}
        >
          {showsCode.value ? "Hide QR code" : "Show QR code"}
        </button>
      </div>
      {showsCode.value && <QrCode text={link} />}
    </section>
  );
}

/** Dark on light in every color scheme: many scanners read nothing else. */
function QrCode({ text }: { text: string }) {
  const { path, size } = useMemo(() => {
    const rows = encodeQR(text, "raw", { border: BORDER });
    const cells = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { path: cells.join(""), size: rows.length };
  }, [text]);
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the room's link">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
