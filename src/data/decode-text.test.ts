import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { catchError } from "../../test/catch-error.ts";
import { checkText, linesOf, maxLineBytes } from "./decode-text.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a byte order mark goes, all else stays", () => {
  const text = "caf\u0065\u0301,\uff21\r\n";
  expect(new TextDecoder().decode(checkText(encode(`\ufeff${text}`), "a"))).toBe(text);
});

test.each([
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x61, 0), /a\.csv is UTF-16/],
  ["a NUL byte", encode("a\nb\0c"), /a\.csv:2 has a NUL byte \(offset 3\)/],
  ["GBK", Uint8Array.of(0x61, 10, 10, 0xb1, 0xea), /a\.csv:3 is not UTF-8 from byte 3/],
  ["a cut character", Uint8Array.of(0x61, 0xe4, 0xbd), /a\.csv:1 is not UTF-8 from byte 1/],
  ["an overlong form", Uint8Array.of(0xef, 0xbb, 0xbf, 0xc0, 0x80), /from byte 3/],
])("%s is refused with its place", (_, bytes, wanted) => {
  expect(() => checkText(bytes, "a.csv")).toThrow(wanted);
});

test.each([
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x61, 0), "iconv -f UTF-16"],
  ["Latin", Uint8Array.of(0x66, 0xfc, 0x72), "-f WINDOWS-1252"],
])("the remedy fits the encoding: %s", async (_, bytes, part) => {
  const reading = Promise.resolve().then(() => checkText(bytes, "a.csv"));
  expect((await catchError(reading)).hint).toContain(part);
});

test("the first bad byte is the first byte whose prefix cannot be made good", () => {
  const piece = fc.oneof(
    fc
      .string({ unit: "grapheme", maxLength: 4 })
      .map((text) => [...encode(text.replaceAll("\0", " "))]),
    fc.constantFrom([0x80], [0xff], [0xc3], [0xe4, 0xbd], [0xf0, 0x9f], [0xed, 0xa0, 0x80], [10]),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const bytes = Uint8Array.from(pieces.flat());
      let message = "";
      try {
        checkText(bytes, "f");
      } catch (error) {
        message = String(error);
      }
      expect(message === "").toBe(isUtf8(bytes));
      const offset = Number(/from byte (\d+)/.exec(message)?.[1] ?? bytes.length);
      // What stands before it is valid, and no longer prefix up to the next character is.
      expect(isUtf8(bytes.subarray(0, offset))).toBe(true);
    }),
  );
});

test("lines end at LF or CRLF and are numbered from one", () => {
  const found = [...linesOf(encode("a\r\nb\n\nc"), "f")];
  expect(found.map(({ line, text }) => [line, text])).toEqual([
    [1, "a"],
    [2, "b"],
    [3, ""],
    [4, "c"],
  ]);
});

test("a huge line is refused before it is decoded", () => {
  const bytes = new Uint8Array(maxLineBytes + 10).fill(97);
  bytes[1] = 10;
  expect(() => [...linesOf(bytes, "big.jsonl")]).toThrow(/big\.jsonl:2 is \d+ bytes long/);
});
