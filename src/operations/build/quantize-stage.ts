import { join } from "node:path";
import type { Base } from "../../intake/index.ts";
import type { FinishedStage } from "../../ledger/index.ts";
import { loadBlockEncoder, mergeAndQuantize } from "../../quantize/index.ts";
import type { Precision, Task } from "../../schema/index.ts";
import { readAdapterFiles } from "./adapter-files.ts";
import { versionOf } from "./machine.ts";
import { openWeights } from "./open-weights.ts";
import { numberIn, type RoadRun } from "./road-run.ts";

const version = 1;
/** The file a quantize stage makes. */
export const modelFile = "model.gguf";

/** Merges the adapter into the base and writes it at one precision. */
export async function quantizeStage(
  run: RoadRun,
  task: Task,
  base: Base,
  tuned: FinishedStage,
  precision: Precision,
  threads: number,
): Promise<FinishedStage> {
  const name = `quantize-${precision.toLowerCase()}`;
  const title = `${task.name} on ${base.name}`;
  return run.stage(
    {
      name,
      version,
      // A base of the same bytes under another name gives another title; the blocks are llama.cpp's own.
      config: { precision, title, engine: versionOf("node-llama-cpp") },
      inputs: { base: base.sha256, tune: tuned.digest },
      about: `merge the adapter, write ${precision}`,
      summarise: ({ value }) => `${(numberIn(value, "bytes") / 1e6).toFixed(0)} MB`,
    },
    async (folder) => {
      using open = openWeights(base.path);
      const written = await mergeAndQuantize({
        base: open.file,
        weights: open.weights,
        adapter: readAdapterFiles(tuned.folder, open.weights.config),
        precision,
        name: title,
        provenance: { base: base.sha256, adapter: tuned.digest },
        encoder: await loadBlockEncoder(threads),
        out: join(folder, modelFile),
        onProgress: (done, total) => run.progress(name, done, total, "tensors"),
      });
      return { value: { bytes: written.bytes, precision }, measured: {} };
    },
  );
}
