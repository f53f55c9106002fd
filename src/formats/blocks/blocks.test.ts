import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dequantize, readableEncodings } from "./dequantize.ts";
import { encodeBlocks, writableEncodings } from "./encode-blocks.ts";
import { encodingId, encodingName, rowBytes } from "./encodings.ts";
import { halfTable } from "./half-table.ts";

interface Golden {
  readonly encoding: string;
  readonly values: string;
  readonly blocks: string;
}

/** Made by bench/peers/make-block-fixtures.py with the `gguf` package and ggml itself. */
const folder = join(import.meta.dirname, "../../../test/fixtures/blocks");
const read = (kind: string): Golden[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(`.${kind}.json`))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Golden);
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
const floats = (text: string): Float32Array => new Float32Array(bytes(text).slice().buffer);

describe("decoding", () => {
  const goldens = read("decode");
  test("every readable encoding has a golden file", () => {
    expect(goldens.map(({ encoding }) => encoding).sort()).toEqual([...readableEncodings].sort());
  });
  test.each(goldens)("$encoding is bit-equal to the gguf package", (golden) => {
    const values = floats(golden.values);
    const decoded = dequantize(golden.encoding, bytes(golden.blocks), values.length);
    expect(Buffer.from(decoded.buffer).equals(Buffer.from(values.buffer))).toBe(true);
  });
  test("bytes at an odd place are read as well", () => {
    const shifted = new Uint8Array(5).subarray(1);
    shifted.set([0, 0x3c, 0, 0xc0]);
    expect([...dequantize("F16", shifted, 2)]).toEqual([1, -2]);
  });
  test("an encoding that cannot be read is refused by name", () => {
    expect(() => dequantize("IQ2_XS", new Uint8Array(74), 256)).toThrow(/IQ2_XS cannot be read/);
    expect(() => dequantize("constructor", new Uint8Array(74), 256)).toThrow(/cannot be read/);
  });
});

describe("encoding", () => {
  const goldens = read("encode");
  test("every writable encoding has a golden file", () => {
    const names = goldens.map(({ encoding }) => encoding);
    expect([...names, "F32"].sort()).toEqual([...writableEncodings].sort());
  });
  test.each(goldens)("$encoding is byte-equal to ggml's reference", (golden) => {
    const encoded = encodeBlocks(golden.encoding, floats(golden.values));
    expect(Buffer.from(encoded).equals(Buffer.from(bytes(golden.blocks)))).toBe(true);
  });
  test("encoding halves that were decoded changes nothing", () => {
    const block = fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), {
      minLength: 32,
      maxLength: 32,
    });
    fc.assert(
      fc.property(fc.constantFrom("F16", "BF16"), block, (encoding, list) => {
        const once = dequantize(encoding, encodeBlocks(encoding, new Float32Array(list)), 32);
        const twice = dequantize(encoding, encodeBlocks(encoding, once), 32);
        expect(twice).toEqual(once);
      }),
    );
  });
  test("the error of Q8_0 is at most half a step", () => {
    const block = fc.array(fc.double({ noNaN: true, min: -50, max: 50 }), {
      minLength: 32,
      maxLength: 32,
    });
    fc.assert(
      fc.property(block, (list) => {
        const values = new Float32Array(list);
        const peak = Math.max(...values.map(Math.abs));
        const back = dequantize("Q8_0", encodeBlocks("Q8_0", values), 32);
        // The step itself is stored as a half: 2^-11 of relative error on top, and its subnormals below.
        for (const [i, value] of values.entries()) {
          expect(Math.abs(value - (back[i] ?? 0))).toBeLessThan((peak / 127) * 0.57 + 4e-6);
        }
      }),
    );
  });
});

test("ids and names agree", () => {
  for (let id = 0; id < 64; id++) {
    const name = encodingName(id);
    if (name !== undefined) expect(encodingId(name)).toBe(id);
  }
  expect(() => encodingId("toString")).toThrow(/unknown weight encoding/);
  expect(() => rowBytes("Q4_K", 576)).toThrow(/no multiple/);
});

test("the half table holds IEEE halves", () => {
  expect(halfTable[0x3c00]).toBe(1);
  expect(halfTable[0x0001]).toBe(2 ** -24);
  expect(halfTable[0xfbff]).toBe(-65504);
  expect(halfTable[0x7c00]).toBe(Number.POSITIVE_INFINITY);
});
