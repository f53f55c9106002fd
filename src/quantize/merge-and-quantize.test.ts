import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toyModel, type ToyShape } from "../../test/toy-model.ts";
import { ggufWeights, memorySource, numberAt, openGguf, textAt } from "../formats/index.ts";
import type { Adapter } from "../schema/index.ts";
import { loadBlockEncoder, mergeAndQuantize, ownEncoder, type QuantizeRequest } from "./index.ts";
import { loadGgmlEncoder } from "./ggml-library.ts";

const shape: ToyShape = {
  family: "llama",
  width: 64,
  feedForward: 96,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headWidth: 32,
  vocabulary: 40,
  tiedHead: true,
};
const target = "blk.1.ffn_up.weight";
const adapter: Adapter = {
  rank: 2,
  alpha: 4,
  modules: ["up"],
  pairs: [
    {
      target,
      out: 96,
      in: 64,
      a: new Float32Array(2 * 64).fill(0.5),
      b: new Float32Array(96 * 2).fill(0.25),
    },
  ],
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-quantize-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function write(from: Uint8Array, rest: Partial<QuantizeRequest>) {
  const base = openGguf(memorySource("toy", from));
  const out = join(folder, "out.gguf");
  const request = { base, weights: ggufWeights(base), precision: "Q8_0", encoder: ownEncoder, out };
  const written = await mergeAndQuantize({ ...request, precision: "Q8_0", ...rest });
  const bytes = readFileSync(out);
  expect(bytes.length).toBe(written.bytes);
  return { bytes, file: openGguf(memorySource("ours", bytes)) };
}

describe("a merged file", () => {
  test("holds W + alpha/rank B A, and says what it is", async () => {
    const base = toyModel(shape);
    const steps: string[] = [];
    const { file } = await write(base, {
      adapter,
      precision: "F32",
      name: "toy tuned",
      provenance: { base: "b".repeat(64), adapter: "a".repeat(64) },
      onProgress: (done, total) => steps.push(`${done}/${total}`),
    });
    const [before, after] = [ggufWeights(openGguf(memorySource("toy", base))), ggufWeights(file)];
    const w = before.read(target);
    // alpha/rank = 2; B A = 2 · 0.25 · 0.5
    after.read(target).forEach((value, i) => expect(value).toBeCloseTo((w[i] ?? 0) + 0.5, 6));
    expect(after.read("blk.0.ffn_up.weight")).toEqual(before.read("blk.0.ffn_up.weight"));
    expect(textAt(file.metadata, "general.name")).toBe("toy tuned");
    expect(textAt(file.metadata, "sampan.adapter")).toBe("a".repeat(64));
    expect(numberAt(file.metadata, "general.file_type")).toBe(0);
    expect([...file.metadata.keys()].slice(-4)).toEqual([
      "sampan.adapter",
      "sampan.base",
      "general.quantization_version",
      "general.file_type",
    ]);
    expect(steps.at(0)).toBe("1/20");
    expect(steps.at(-1)).toBe("20/20");
  });

  test("keeps the bytes of what the adapter leaves alone, unless they must shrink", async () => {
    const { bytes: base, file: small } = await write(toyModel(shape), { precision: "Q4_0" });
    const { file } = await write(base, { adapter, precision: "Q8_0" });
    for (const { name, encoding } of file.tensors.values()) {
      expect(encoding).toBe(name === target ? "Q8_0" : small.tensors.get(name)?.encoding);
      if (name !== target) expect(file.readRaw(name)).toEqual(small.readRaw(name));
    }
    const { file: all } = await write(base, { adapter, precision: "Q8_0", reencodeAll: true });
    expect(all.tensors.get("blk.0.attn_q.weight")?.encoding).toBe("Q8_0");
    const { file: shrunk } = await write(toyModel(shape), { adapter, precision: "Q4_0" });
    expect(shrunk.tensors.get("blk.0.attn_q.weight")?.encoding).toBe("Q4_0");
  });

  test("has the same bytes from one thread, from two and from our own encoders", async () => {
    // Large enough for a second thread to get a share.
    const base = toyModel({ ...shape, feedForward: 2_560, layers: 1 });
    const loaded = await loadBlockEncoder(1);
    expect(loaded.name).toBe("llama.cpp");
    for (const precision of ["Q4_0", "Q4_1", "F16", "Q8_0"] as const) {
      const { bytes } = await write(base, { precision, encoder: loaded });
      const two = await write(base, { precision, encoder: await loadGgmlEncoder(2) });
      const own = await write(base, { precision });
      expect(two.bytes.equals(bytes)).toBe(true);
      expect(own.bytes.equals(bytes)).toBe(true);
    }
  });
});

describe("what cannot be written is refused, and nothing is left behind", () => {
  const clean = async (rest: Partial<QuantizeRequest>, from = toyModel(shape)) => {
    rmSync(join(folder, "out.gguf"), { force: true });
    const failure = await write(from, rest).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(readdirSync(folder)).toEqual([]);
    return failure;
  };

  test("K-quants without llama.cpp's library", async () => {
    const wide = toyModel({ ...shape, width: 256 });
    expect(await clean({ precision: "Q4_K_M" }, wide)).toMatchObject({
      code: "dependency-missing",
    });
  });

  test("an adapter of another base", async () => {
    const [pair] = adapter.pairs;
    if (pair === undefined) throw new Error("the adapter has a pair");
    const changes = [
      { target: "blk.7.ffn_up.weight" },
      { out: 95 },
      { in: 32 },
      { a: new Float32Array(3) },
      { b: new Float32Array(3) },
      { target: "output_norm.weight" },
    ];
    for (const change of changes) {
      const pairs = [{ ...pair, ...change }];
      const failure = await clean({ adapter: { ...adapter, pairs } });
      expect(failure).toMatchObject({ code: "base-unsupported" });
    }
    expect(await clean({ adapter: { ...adapter, pairs: [pair, pair] } })).toMatchObject({
      code: "base-unsupported",
    });
  });

  test("weights that are no numbers", async () => {
    const [pair] = adapter.pairs;
    if (pair === undefined) throw new Error("the adapter has a pair");
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const pairs = [{ ...pair, b: Float32Array.from(pair.b, (v, i) => (i === 7 ? bad : v)) }];
      const failure = await clean({ adapter: { ...adapter, pairs } });
      expect(failure).toMatchObject({ code: "format-corrupt" });
    }
  });

  test("an encoder that fails", async () => {
    const encoder = { ...ownEncoder, encode: () => Promise.reject(new Error("no memory")) };
    expect(await clean({ encoder })).toMatchObject({ message: "no memory" });
  });

  test("a folder that cannot be written", async () => {
    writeFileSync(join(folder, "file"), "");
    const out = join(folder, "file", "out.gguf");
    await expect(write(toyModel(shape), { out })).rejects.toMatchObject({ code: "disk-failed" });
    expect(existsSync(out)).toBe(false);
    rmSync(join(folder, "file"));
  });
});
