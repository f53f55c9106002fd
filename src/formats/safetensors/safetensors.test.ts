import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SampanError } from "../../kernel/index.ts";
import { memorySource } from "../memory-source.ts";
import { openSafetensors } from "./open.ts";
import { safetensorsChunks, type SafetensorToWrite } from "./write.ts";

const values = new Float32Array([1, -2.5, 3, 4, 5, 6]);
const tensors: SafetensorToWrite[] = [
  { name: "b.half", shape: [2], dtype: "F16", data: () => new Uint8Array([0, 0x3c, 0, 0xc0]) },
  { name: "b", shape: [2, 3], dtype: "F32", data: () => new Uint8Array(values.buffer) },
  { name: "a", shape: [0, 3], dtype: "F32", data: () => new Uint8Array(0) },
];

function written(list = tensors, metadata: Record<string, string> = { format: "pt" }): Uint8Array {
  return Buffer.concat([...safetensorsChunks(list, metadata)]);
}

function withHeader(header: unknown, data: number): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = Buffer.alloc(8 + Buffer.byteLength(text) + data);
  bytes.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  bytes.write(text, 8);
  return bytes;
}

describe("writing and reading", () => {
  test("tensors and metadata come back", () => {
    const file = openSafetensors(memorySource("small.safetensors", written()));
    expect(file.metadata).toEqual({ format: "pt" });
    expect(file.read("b")).toEqual(values);
    expect([...file.read("b.half")]).toEqual([1, -2]);
    expect(file.tensors.get("a")).toMatchObject({ shape: [0, 3], bytes: 0 });
  });

  test("the bytes do not depend on the order of the tensors, and are the reference's", () => {
    const bytes = written();
    expect(Buffer.from(written(tensors.toReversed())).equals(bytes)).toBe(true);
    const header = Buffer.from(bytes)
      .toString("utf8", 8, bytes.length - 28)
      .trimEnd();
    expect(header).toBe(
      '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},' +
        '"b":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},' +
        '"b.half":{"dtype":"F16","shape":[2],"data_offsets":[24,28]}}',
    );
    expect((bytes.length - 28) % 8).toBe(0);
  });

  test("a tensor of another type is refused by name", () => {
    const file = openSafetensors(
      memorySource("x", withHeader({ i: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, 8)),
    );
    expect(() => file.read("i")).toThrow(/i holds I64/);
    expect(() => file.readRaw("nothing")).toThrow(/no tensor nothing/);
  });
});

describe("bad files", () => {
  const entry = (shape: unknown, offsets: unknown, dtype = "F32") => ({
    dtype,
    shape,
    data_offsets: offsets,
  });
  test.each([
    ["overlap", { a: entry([2], [0, 8]), b: entry([2], [4, 12]) }, 12, /overlaps/],
    ["hole", { a: entry([2], [0, 8]), b: entry([2], [12, 20]) }, 20, /leaves a hole/],
    ["tail", { a: entry([2], [0, 8]) }, 9, /the tensors end here/],
    ["beyond the end", { a: entry([4], [0, 16]) }, 8, /the tensors end here/],
    ["shape and offsets disagree", { a: entry([3], [0, 8]) }, 8, /which is not bytes/],
    ["huge shape", { a: entry([2 ** 40, 2 ** 40], [0, 8]) }, 8, /which is not bytes/],
    ["negative", { a: entry([-2], [8, 0]) }, 8, /malformed/],
    ["many dimensions", { a: entry([1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 4]) }, 4, /malformed/],
    ["unknown type", { a: entry([2], [0, 8], "F7") }, 8, /the type F7/],
    ["inherited type", { a: entry([2], [0, 8], "toString") }, 8, /the type toString/],
    ["metadata", { __metadata__: { a: 1 } }, 0, /__metadata__/],
    ["an array", "[1,2]", 0, /not a JSON object/],
    ["no JSON", "{", 0, /not a JSON object/],
    ["deep JSON", "[".repeat(100_000), 0, /not a JSON object/],
  ])("%s", (_, header, data, message) => {
    expect(() => openSafetensors(memorySource("bad", withHeader(header, data)))).toThrow(message);
  });

  test("a header longer than the file", () => {
    const bytes = withHeader({}, 0);
    bytes.set([255, 255, 255, 255, 255, 255, 255, 127]);
    expect(() => openSafetensors(memorySource("bad", bytes))).toThrow(/header of/);
    expect(() => openSafetensors(memorySource("bad", new Uint8Array(3)))).toThrow(/too short/);
  });

  test("truncations and flipped bits never give anything but a SampanError", () => {
    const bytes = written();
    const flips = fc.array(fc.nat(bytes.length * 8 - 1), { maxLength: 4 });
    fc.assert(
      fc.property(flips, fc.nat(bytes.length), (bits, length) => {
        const broken = new Uint8Array(bytes).subarray(0, length);
        for (const bit of bits) {
          if (bit >> 3 < length) broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        }
        expect(["read", "format-corrupt", "base-unsupported"]).toContain(codeOf(broken));
      }),
      { numRuns: 500 },
    );
  });
});

function codeOf(bytes: Uint8Array): string {
  try {
    const file = openSafetensors(memorySource("fuzzed", bytes));
    for (const { name, dtype } of file.tensors.values()) {
      if (dtype.startsWith("F") || dtype === "BF16") file.read(name);
    }
    return "read";
  } catch (thrown) {
    if (SampanError.isInstance(thrown)) return thrown.code;
    throw thrown;
  }
}
