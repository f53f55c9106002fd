import { isUtf8 } from "node:buffer";
import { SampanError } from "../kernel/index.ts";

/** Largest data file: what Node reads in one piece. */
export const maxDataBytes = 2 ** 31 - 1;
/** Most records of one source. */
export const maxRecords = 2_000_000;
/** Longest line or CSV record, in bytes. */
export const maxLineBytes = 8 * 1024 ** 2;

const saveHint = "Save it as UTF-8 (Excel: 'CSV UTF-8'), or convert it";
/** Which encoding it is cannot be told from the bytes, and the wrong one gives other letters in silence. */
const encodingHint = `${saveHint} from what it is: iconv -f GB18030 -t UTF-8 old > new for Chinese, -f WINDOWS-1252 for Western Europe.`;
const utf16Hint = `${saveHint}: iconv -f UTF-16 -t UTF-8 old > new.`;
const nulHint =
  "Leave the byte out. Where every other byte is NUL the file is UTF-16: iconv -f UTF-16 -t UTF-8 old > new.";

/**
 * The bytes of a text file without its byte order mark. Text is otherwise left as it is: Unicode
 * normalisation would change what a span of the input is, and the model must meet in training what it
 * will meet in service. Throws `data-invalid` for other encodings and for NUL bytes.
 */
export function checkText(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length > maxDataBytes) {
    throw broken(`${name} has ${bytes.length} bytes, more than ${maxDataBytes}`, "Split the file.");
  }
  const [a, b, c] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw broken(`${name} is UTF-16`, utf16Hint);
  }
  const body = a === 0xef && b === 0xbb && c === 0xbf ? bytes.subarray(3) : bytes;
  const start = bytes.length - body.length;
  const nul = body.indexOf(0);
  if (nul >= 0) {
    const place = `${name}:${lineOf(body, nul)}`;
    throw broken(`${place} has a NUL byte (offset ${start + nul}): not a text file`, nulHint);
  }
  if (!isUtf8(body)) {
    const offset = firstInvalid(body);
    const place = `${name}:${lineOf(body, offset)}`;
    throw broken(`${place} is not UTF-8 from byte ${start + offset} on`, encodingHint);
  }
  return body;
}

function broken(message: string, hint: string): SampanError {
  return new SampanError("data-invalid", message, { hint });
}

/** Line number (from 1) of a byte. */
function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}

/** Offset of the first byte that is not UTF-8, by bisection over prefixes cut at line starts. */
function firstInvalid(bytes: Uint8Array): number {
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  let offset = start;
  while (offset < bytes.length) {
    const lead = bytes[offset] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (!isUtf8(bytes.subarray(offset, offset + length))) return offset;
    offset += length;
  }
  return offset;
}

/** The lines of checked text, without their ends (LF or CRLF), numbered from 1. */
export function* linesOf(
  bytes: Uint8Array,
  name: string,
): Generator<{ readonly line: number; readonly text: string }> {
  const decoder = new TextDecoder();
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end - start > maxLineBytes) {
      throw broken(
        `${name}:${line} is ${end - start} bytes long, more than ${maxLineBytes}`,
        "One record stands on one line; is this file JSON rather than JSONL?",
      );
    }
    const text = decoder.decode(bytes.subarray(start, end));
    yield { line, text: text.endsWith("\r") ? text.slice(0, -1) : text };
    start = end + 1;
  }
}
