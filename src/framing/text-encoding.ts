import type { TextEncoding } from "../schema/index.ts";

/** Free text as it is written inside an answer. */
export function encodeText(encoding: TextEncoding, text: string): string {
  return encoding === "json"
    ? JSON.stringify(text).slice(1, -1)
    : text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** Inverse of `encodeText`; undefined when the text is not a valid encoding. */
export function decodeText(encoding: TextEncoding, written: string): string | undefined {
  if (encoding === "json") {
    try {
      const value: unknown = JSON.parse(`"${written}"`);
      return typeof value === "string" ? value : undefined;
    } catch {
      return undefined;
    }
  }
  if (written.includes("\n") || /^(?:[^\\]|\\[\\n])*$/.exec(written) === null) return undefined;
  return written.replace(/\\([\\n])/g, (_, escaped: string) => (escaped === "n" ? "\n" : "\\"));
}
