// A description from the protocol, with its code set as code.
import { codeParts } from "./code-parts.ts";

export function Description({ text }: { text: string }) {
  return <>{codeParts(text).map(({ text, isCode }, at) => (isCode ? <code key={at}>{text}</code> : text))}</>;
}
