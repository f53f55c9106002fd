import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeAdapter } from "../bench/quantize/made-adapter.ts";
import { openLlamaQuantizer } from "../bench/quantize/llama-quantizer.ts";
import { ggufWeights, memorySource, openGguf } from "../src/formats/index.ts";
import { sha256 } from "../src/kernel/index.ts";
import {
  loadBlockEncoder,
  mergeAndQuantize,
  ownEncoder,
  precisions,
} from "../src/quantize/index.ts";
import type { BlockEncoder, FilePrecision } from "../src/quantize/index.ts";
import { toyModel, type ToyShape } from "./toy-model.ts";

/** Widths that take K-quants, that fall back from them, and both heads. */
const shapes: readonly ToyShape[] = [
  {
    family: "llama",
    width: 256,
    feedForward: 96,
    layers: 9,
    heads: 2,
    kvHeads: 1,
    headWidth: 32,
    vocabulary: 70,
    tiedHead: true,
  },
  {
    family: "gemma3",
    width: 96,
    feedForward: 256,
    layers: 4,
    heads: 2,
    kvHeads: 1,
    headWidth: 64,
    vocabulary: 64,
    tiedHead: true,
  },
  {
    family: "qwen3",
    width: 256,
    feedForward: 256,
    layers: 3,
    heads: 2,
    kvHeads: 2,
    headWidth: 48,
    vocabulary: 50,
    tiedHead: false,
  },
];

const folder = mkdtempSync(join(tmpdir(), "sampan-quantize-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function write(
  from: Uint8Array,
  precision: FilePrecision,
  encoder: BlockEncoder,
  adapted: boolean,
): Promise<Buffer> {
  const base = openGguf(memorySource("toy", from));
  const weights = ggufWeights(base);
  const out = join(folder, "ours.gguf");
  const adapter = adapted ? makeAdapter(weights, 4) : undefined;
  await mergeAndQuantize({ base, weights, adapter, precision, reencodeAll: true, encoder, out });
  return readFileSync(out);
}

describe.each(shapes)("$family of width $width", (shape) => {
  const llama = openLlamaQuantizer(1);
  const base = toyModel(shape);
  const float = join(folder, `${shape.family}.gguf`);
  const names = Object.keys(precisions) as FilePrecision[];
  test.each(names)("%s is byte-equal to llama.cpp's quantizer", async (precision) => {
    const theirs = join(folder, "theirs.gguf");
    if (!existsSync(float)) {
      writeFileSync(float, await write(base, "F32", ownEncoder, true));
    }
    llama(float, theirs, precision);
    const ours = await write(base, precision, await loadBlockEncoder(2), true);
    expect(sha256(ours)).toBe(sha256(readFileSync(theirs)));
  });
});
