/**
 * Whole files against llama.cpp's quantizer: the base, with a made-up adapter merged in, is written as
 * F32 and F16; from those llama.cpp makes every precision, and so do we. Prints a line for each pair.
 * Run: node bench/quantize-parity.bench.ts <base.gguf> [threads]
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openByteFile } from "../src/disk/index.ts";
import { ggufWeights, openGguf } from "../src/formats/index.ts";
import { sha256 } from "../src/kernel/index.ts";
import { loadBlockEncoder, mergeAndQuantize, precisions } from "../src/quantize/index.ts";
import type { FilePrecision } from "../src/quantize/index.ts";
import { openLlamaQuantizer } from "./quantize/llama-quantizer.ts";
import { makeAdapter } from "./quantize/made-adapter.ts";

const [path, threadsText = "2"] = process.argv.slice(2);
if (path === undefined) throw new Error("give the path of a GGUF file");
const threads = Number(threadsText);
const encoder = await loadBlockEncoder(threads);
const llama = openLlamaQuantizer(threads);
const folder = mkdtempSync(join(tmpdir(), "sampan-parity-"));
let failed = 0;

async function write(from: string, out: string, precision: FilePrecision, adapted: boolean) {
  using file = openByteFile(from);
  const base = openGguf(file);
  const weights = ggufWeights(base);
  const adapter = adapted ? makeAdapter(weights, 8) : undefined;
  await mergeAndQuantize({ base, weights, adapter, precision, reencodeAll: true, encoder, out });
}

try {
  const float32 = join(folder, "merged-f32.gguf");
  const float16 = join(folder, "merged-f16.gguf");
  await write(path, float32, "F32", true);
  await write(path, float16, "F16", true);
  for (const [from, float] of [
    ["F32", float32],
    ["F16", float16],
  ] as const) {
    for (const precision of Object.keys(precisions) as FilePrecision[]) {
      if (precision === "F32") continue;
      const ours = join(folder, "ours.gguf");
      const theirs = join(folder, "theirs.gguf");
      const start = performance.now();
      await write(float, ours, precision, false);
      const middle = performance.now();
      llama(float, theirs, precision);
      const end = performance.now();
      const equal = sha256(readFileSync(ours)) === sha256(readFileSync(theirs));
      if (!equal) failed++;
      const megabytes = statSync(float).size / 1e6;
      console.log(
        `${from} -> ${precision.padEnd(6)} ${equal ? "byte-equal" : "DIFFERENT "} ${statSync(ours).size} bytes; ` +
          `ours ${rate(megabytes, middle - start)}, llama.cpp ${rate(megabytes, end - middle)}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed === 0 ? 0 : 1;

function rate(megabytes: number, milliseconds: number): string {
  return `${((megabytes / milliseconds) * 1000).toFixed(0)} MB/s (${(milliseconds / 1000).toFixed(1)} s)`;
}
