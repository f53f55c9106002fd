import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gguf } from "@huggingface/gguf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SampanError } from "../../kernel/index.ts";
import { encodeBlocks } from "../blocks/encode-blocks.ts";
import { memorySource } from "../memory-source.ts";
import { openGguf } from "./open.ts";
import type { GgufMetadata, GgufValue } from "./value.ts";
import { ggufChunks, type TensorToWrite } from "./write.ts";

const metadata: GgufMetadata = new Map<string, GgufValue>([
  ["general.architecture", { kind: "text", value: "llama" }],
  ["a.u8", { kind: "u8", value: 255 }],
  ["a.i8", { kind: "i8", value: -128 }],
  ["a.u16", { kind: "u16", value: 65535 }],
  ["a.i16", { kind: "i16", value: -32768 }],
  ["a.u32", { kind: "u32", value: 2 ** 32 - 1 }],
  ["a.i32", { kind: "i32", value: -(2 ** 31) }],
  ["a.f32", { kind: "f32", value: Math.fround(1e-5) }],
  ["a.f64", { kind: "f64", value: Math.PI }],
  ["a.u64", { kind: "u64", value: 2n ** 64n - 1n }],
  ["a.i64", { kind: "i64", value: -(2n ** 63n) }],
  ["a.bool", { kind: "bool", value: true }],
  ["a.texts", { kind: "array", element: "text", value: ["", "粮油批发", "\ufeffé\u0000\ufffd"] }],
  ["a.flags", { kind: "array", element: "bool", value: [true, false] }],
  ["a.floats", { kind: "array", element: "f32", value: [0.5, -1, Number.POSITIVE_INFINITY] }],
  ["a.longs", { kind: "array", element: "u64", value: [1n, 2n ** 63n] }],
  ["a.none", { kind: "array", element: "i32", value: [] }],
]);
const tensors: TensorToWrite[] = [
  tensor("token_embd.weight", [3, 64], "Q8_0"),
  tensor("blk.0.attn_norm.weight", [5], "F32"),
  tensor("blk.0.ffn_up.weight", [2, 32], "Q4_0"),
];

function tensor(name: string, shape: number[], encoding: string): TensorToWrite {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from({ length: count }, (_, i) => Math.sin(i + shape.length));
  return { name, shape, encoding, data: () => encodeBlocks(encoding, values) };
}

function written(values = metadata, list: readonly TensorToWrite[] = tensors): Uint8Array {
  return Buffer.concat([...ggufChunks(values, list)]);
}

describe("writing and reading", () => {
  test("metadata and tensors come back, and a rewrite gives the same bytes", () => {
    const bytes = written();
    const file = openGguf(memorySource("small.gguf", bytes));
    expect(file.version).toBe(3);
    expect(file.metadata.get("a.texts")).toEqual(metadata.get("a.texts"));
    expect(file.metadata.get("a.i64")).toEqual(metadata.get("a.i64"));
    expect(file.tensors.get("token_embd.weight")?.shape).toEqual([3, 64]);
    expect(file.readRaw("blk.0.ffn_up.weight")).toEqual(tensors[2]?.data());
    const again = [...file.tensors.values()].map((info) => ({
      ...info,
      data: () => file.readRaw(info.name),
    }));
    expect(Buffer.from(written(file.metadata, again)).equals(bytes)).toBe(true);
  });

  test("rows are read alone", () => {
    const file = openGguf(memorySource("small.gguf", written()));
    const all = file.readRaw("token_embd.weight");
    expect(file.readRaw("token_embd.weight", { first: 1, count: 2 })).toEqual(all.subarray(68));
    expect(() => file.readRaw("token_embd.weight", { first: 2, count: 2 })).toThrow(RangeError);
  });

  test("another alignment is kept", () => {
    const wide = new Map(metadata).set("general.alignment", { kind: "u32", value: 256 });
    const file = openGguf(memorySource("wide.gguf", written(wide)));
    expect([...file.tensors.values()].every(({ offset }) => offset % 256 === 0)).toBe(true);
  });

  test("nested arrays come back", () => {
    const inner = { kind: "array", element: "u8", value: new Uint8Array([1, 2]) } as const;
    const nested = new Map<string, GgufValue>([
      ["deep", { kind: "array", element: "array", value: [inner] }],
    ]);
    expect(openGguf(memorySource("n", written(nested, []))).metadata).toEqual(nested);
  });

  test("any metadata survives the way there and back", () => {
    const value: fc.Arbitrary<GgufValue> = fc.oneof(
      fc.string({ unit: "grapheme" }).map((text) => ({ kind: "text" as const, value: text })),
      fc.bigInt(0n, 2n ** 64n - 1n).map((n) => ({ kind: "u64" as const, value: n })),
      fc.double({ noNaN: true }).map((n) => ({ kind: "f64" as const, value: n })),
      fc
        .array(fc.string({ unit: "grapheme" }))
        .map((list) => ({ kind: "array" as const, element: "text" as const, value: list })),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value, { noNullPrototype: true }), (record) => {
        const map = new Map(
          Object.entries(record).filter(
            ([key]) => /^[^\0]+$/.test(key) && key !== "general.alignment",
          ),
        );
        expect(openGguf(memorySource("any", written(map, []))).metadata).toEqual(map);
      }),
      { numRuns: 200 },
    );
  });

  test("an independent reader reads what was written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sampan-gguf-"));
    try {
      const path = join(folder, "small.gguf");
      writeFileSync(path, written());
      const { metadata: read, tensorInfos } = await gguf(path, { allowLocalFile: true });
      expect(read).toMatchObject({ "a.i16": -32768, "a.u64": 2n ** 64n - 1n, "a.bool": true });
      // That reader drops a byte order mark; ours must not.
      expect(read).toMatchObject({ "a.texts": ["", "粮油批发", "é\u0000\ufffd"] });
      expect(tensorInfos.map(({ name, shape, dtype }) => [name, shape, dtype])).toEqual([
        ["token_embd.weight", [64n, 3n], 8],
        ["blk.0.attn_norm.weight", [5n], 0],
        ["blk.0.ffn_up.weight", [32n, 2n], 2],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a tensor whose bytes do not fit its shape is not written", () => {
    const short = { ...tensor("x", [64], "F32"), data: () => new Uint8Array(3) };
    expect(() => written(metadata, [short])).toThrow(/x has 3 bytes/);
  });
});

describe("bad files", () => {
  const bytes = written();

  test("every truncation is a format error", () => {
    for (let length = 0; length < bytes.length - 32; length += 7) {
      expect(codeOf(bytes.subarray(0, length))).toBe("format-corrupt");
    }
  });

  test.each([
    ["another magic", 0, [0x50], /not a GGUF file/],
    ["version 1", 4, [1], /version 1 is not supported/],
    ["big-endian", 4, [0, 0, 0, 3], /big-endian/],
    ["too many tensors", 12, [1], /number of tensors/],
    ["too many values", 22, [1], /number of metadata values/],
    ["an endless key", 24, [0, 0, 0, 0, 0, 0, 1], /length of a metadata key/],
  ])("%s", (_, at, patch, message) => {
    const lying = new Uint8Array(bytes);
    lying.set(patch, at);
    expect(() => openGguf(memorySource("lying.gguf", lying))).toThrow(message);
  });

  test("duplicates, overlaps and strange shapes are refused", () => {
    const [first] = tensors;
    const twice = first === undefined ? [] : [first, first];
    expect(() => openGguf(memorySource("twice", written(metadata, twice)))).toThrow(/same name/);
    const flat = { ...tensor("flat", [32], "F32"), shape: [1, 1, 1, 1, 32] };
    expect(() => openGguf(memorySource("flat", written(metadata, [flat])))).toThrow(/5 dimensions/);
    const odd = new Map(metadata).set("general.alignment", { kind: "u32", value: 48 });
    expect(() => openGguf(memorySource("odd", written(odd, [])))).toThrow(/no power of two/);
  });

  test("an error names the file, the byte and a remedy", () => {
    const cut = memorySource("cut.gguf", bytes.subarray(0, 40));
    expect(() => openGguf(cut)).toThrow(/^cut\.gguf, byte \d+: /);
    try {
      openGguf(cut);
    } catch (thrown) {
      expect(SampanError.isInstance(thrown) && thrown.hint).toMatch(/fetch it again/);
    }
  });

  test("flipped bits never give anything but a SampanError", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 4 }),
        (bits) => {
          const flipped = new Uint8Array(bytes);
          for (const bit of bits) flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          expect(["read", "format-corrupt", "base-unsupported"]).toContain(codeOf(flipped));
        },
      ),
      { numRuns: 500 },
    );
  });
});

function codeOf(bytes: Uint8Array): string {
  try {
    const file = openGguf(memorySource("fuzzed.gguf", bytes));
    for (const name of file.tensors.keys()) file.readRaw(name);
    return "read";
  } catch (thrown) {
    if (SampanError.isInstance(thrown)) return thrown.code;
    throw thrown;
  }
}
