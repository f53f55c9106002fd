import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLlamaQuantizer } from "../../bench/quantize/llama-quantizer.ts";
import { makeAdapter } from "../../bench/quantize/made-adapter.ts";
import { digestFile, openByteFile } from "../../src/disk/index.ts";
import { ggufWeights, openGguf } from "../../src/formats/index.ts";
import { openBase } from "../../src/intake/index.ts";
import { loadBlockEncoder, mergeAndQuantize } from "../../src/quantize/index.ts";

const root = resolve(import.meta.dirname, "..", "..");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-quantize-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** All precisions, also from F16, are in bench/quantize-parity.bench.ts. */
test.each(["smollm2-135m-instruct", "gemma-3-270m"])(
  "%s with an adapter is byte-equal to llama.cpp's quantizer",
  async (name) => {
    const found = await openBase(name, {
      home: join(root, ".sampan"),
      baseFolder: root,
      emit: () => undefined,
      clock: () => performance.now(),
      offline: false,
      environment: {},
    });
    using file = openByteFile(found.path);
    const base = openGguf(file);
    const weights = ggufWeights(base);
    const request = { base, weights, adapter: makeAdapter(weights, 8), reencodeAll: true };
    const encoder = await loadBlockEncoder(2);
    const llama = openLlamaQuantizer(2);
    const [float, ours, theirs] = ["float", "ours", "theirs"].map((one) => join(folder, one));
    if (float === undefined || ours === undefined || theirs === undefined) return;
    await mergeAndQuantize({ ...request, precision: "F32", encoder, out: float });
    llama(float, theirs, "Q4_K_M");
    await mergeAndQuantize({ ...request, precision: "Q4_K_M", encoder, out: ours });
    expect(digestFile(ours)).toBe(digestFile(theirs));
  },
);
