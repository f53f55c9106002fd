import { join } from "node:path";
import { openByteFile } from "../../disk/index.ts";
import { openGguf } from "../../formats/index.ts";
import type { Base } from "../../intake/index.ts";
import type { FinishedStage } from "../../ledger/index.ts";
import { mergeAndQuantize, openBlockEncoder } from "../../quantize/index.ts";
import type { Precision, Task } from "../../schema/index.ts";
import { adapterFromGguf } from "../../tune/index.ts";
import { openWeights } from "./open-weights.ts";
import { numberIn, type RoadRun } from "./road-run.ts";

const version = 1;
/** The file a quantize stage makes. */
export const modelFile = "model.gguf";
/** The adapter as llama.cpp loads it, made by the tune stage. */
export const adapterFile = "adapter.gguf";

/** Merges the adapter into the base and writes it at one precision. */
export async function quantizeStage(
  run: RoadRun,
  task: Task,
  base: Base,
  tuned: FinishedStage,
  precision: Precision,
): Promise<FinishedStage> {
  const name = `quantize-${precision.toLowerCase()}`;
  return run.stage(
    {
      name,
      version,
      config: { precision, task: task.name },
      inputs: { base: base.sha256, tune: tuned.digest },
      about: `merge the adapter, write ${precision}`,
      summarise: ({ value }) => `${(numberIn(value, "bytes") / 1e6).toFixed(0)} MB`,
    },
    async (folder) => {
      using open = openWeights(base.path);
      using adapterBytes = openByteFile(join(tuned.folder, adapterFile));
      const written = await mergeAndQuantize({
        base: open.file,
        weights: open.weights,
        adapter: adapterFromGguf(openGguf(adapterBytes), open.weights.config),
        precision,
        name: `${task.name} on ${base.name}`,
        provenance: { base: base.sha256, adapter: tuned.digest },
        encoder: await openBlockEncoder(),
        out: join(folder, modelFile),
        onProgress: (done, total) => run.progress(name, done, total, "tensors"),
      });
      return { value: { bytes: written.bytes, precision }, measured: {} };
    },
  );
}
