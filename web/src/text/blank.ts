// Text without a visible character counts as empty, by the same rule as on the server (handlers/protocol/src/blank.rs).

const blank =
  /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\uFFF9-\uFFFB\u{13430}-\u{1343F}\u{13441}\u{13442}\u{16FE4}\u{1D159}]*$/u;

export function isBlank(text: string): boolean {
  return blank.test(text);
}
