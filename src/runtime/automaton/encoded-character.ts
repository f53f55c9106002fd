import type { TextEncoding } from "../../schema/index.ts";

/**
 * How far into one written character a walk is: 0 between characters; positive inside a UTF-8 sequence
 * (length, bytes still to come and the bits so far, packed); negative inside an escape.
 */
export type Cursor = number;

/** A whole character, or the way into one. */
export type CharacterStep =
  | { readonly kind: "character"; readonly code: number }
  | { readonly kind: "inside"; readonly cursor: Cursor };

const [escape, escapeU, escapeU0, escapeU00, escapeU000, escapeU001] = [-1, -2, -3, -4, -5, -6];

const shortEscapes: Readonly<Record<TextEncoding, ReadonlyMap<number, number>>> = {
  line: new Map([
    [0x5c, 0x5c],
    [0x6e, 0x0a],
  ]),
  json: new Map([
    [0x22, 0x22],
    [0x5c, 0x5c],
    [0x62, 0x08],
    [0x66, 0x0c],
    [0x6e, 0x0a],
    [0x72, 0x0d],
    [0x74, 0x09],
  ]),
};

/** Follows one byte of written text; undefined when no character is written so. */
export function stepCharacter(
  encoding: TextEncoding,
  cursor: Cursor,
  byte: number,
): CharacterStep | undefined {
  if (cursor < 0) return stepEscape(encoding, cursor, byte);
  if (cursor > 0) return stepSequence(cursor, byte);
  if (byte === 0x5c) return { kind: "inside", cursor: escape };
  if (encoding === "json" ? byte < 0x20 || byte === 0x22 : byte === 0x0a) return undefined;
  if (byte < 0x80) return { kind: "character", code: byte };
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  if (byte < 0xc2 || byte > 0xf4) return undefined;
  return { kind: "inside", cursor: pack(length, length - 1, byte & (0xff >> (length + 1))) };
}

/** Control characters without a short JSON escape. */
const hexadecimal = [
  [0x00, 0x07],
  [0x0b, 0x0b],
  [0x0e, 0x1f],
] as const;

/** The characters that a cursor inside one may still become, as inclusive ranges of code points. */
export function completions(
  encoding: TextEncoding,
  cursor: Cursor,
): readonly (readonly [number, number])[] {
  if (cursor > 0) {
    const { length, left, bits } = unpack(cursor);
    const lowest = Math.max(bits << (6 * left), smallestOf(length));
    return [[lowest, Math.min(((bits + 1) << (6 * left)) - 1, 0x10ffff)]];
  }
  const short = [...shortEscapes[encoding].values()].map((code) => [code, code] as const);
  if (cursor === escape) return encoding === "json" ? [...short, ...hexadecimal] : short;
  if (cursor === escapeU000) return hexadecimal.map(([low, high]) => [low, Math.min(high, 0x0f)]);
  if (cursor === escapeU001) return [[0x10, 0x1f]];
  return hexadecimal;
}

function stepEscape(
  encoding: TextEncoding,
  cursor: Cursor,
  byte: number,
): CharacterStep | undefined {
  const inside = (next: Cursor): CharacterStep => ({ kind: "inside", cursor: next });
  switch (cursor) {
    case escape: {
      const code = shortEscapes[encoding].get(byte);
      if (code !== undefined) return { kind: "character", code };
      return encoding === "json" && byte === 0x75 ? inside(escapeU) : undefined;
    }
    case escapeU:
      return byte === 0x30 ? inside(escapeU0) : undefined;
    case escapeU0:
      return byte === 0x30 ? inside(escapeU00) : undefined;
    case escapeU00:
      if (byte === 0x30) return inside(escapeU000);
      return byte === 0x31 ? inside(escapeU001) : undefined;
    default: {
      const digit = "0123456789abcdef".indexOf(String.fromCharCode(byte));
      const code = (cursor === escapeU001 ? 0x10 : 0) + digit;
      // Only control characters without a short form are written in hexadecimal.
      const short = [0x08, 0x09, 0x0a, 0x0c, 0x0d].includes(code);
      return digit < 0 || short ? undefined : { kind: "character", code };
    }
  }
}

function stepSequence(cursor: Cursor, byte: number): CharacterStep | undefined {
  if ((byte & 0xc0) !== 0x80) return undefined;
  const { length, left, bits } = unpack(cursor);
  const next = (bits << 6) | (byte & 0x3f);
  const rest = left - 1;
  const [lowest, highest] = [next << (6 * rest), ((next + 1) << (6 * rest)) - 1];
  if (highest < smallestOf(length) || lowest > 0x10ffff) return undefined;
  if (lowest >= 0xd800 && highest <= 0xdfff) return undefined;
  return rest === 0
    ? { kind: "character", code: next }
    : { kind: "inside", cursor: pack(length, rest, next) };
}

/** The first code point that takes so many bytes: shorter ones are not written longer. */
function smallestOf(length: number): number {
  return length === 4 ? 0x10000 : length === 3 ? 0x800 : 0x80;
}

function pack(length: number, left: number, bits: number): Cursor {
  return (length << 26) | (left << 23) | bits;
}

function unpack(cursor: Cursor): { length: number; left: number; bits: number } {
  return { length: cursor >> 26, left: (cursor >> 23) & 7, bits: cursor & 0x7fffff };
}
