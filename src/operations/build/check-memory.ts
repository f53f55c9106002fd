import { SampanError } from "../../kernel/index.ts";
import type { ModelShape } from "../../schema/index.ts";
import { flopsPerToken } from "../../tune/index.ts";
import type { RoadRun } from "./road-run.ts";

/** Frozen weights are held as f32, and a quarter more while ONNX Runtime opens them. */
const bytesPerWeight = 4 * 1.25;
/** Activations of a batch, optimizer state, Node itself. */
const overheadBytes = 1e9;

/** Stops before a tuning that this machine's memory cannot hold, and warns when the task's budget is less. */
export function checkMemory(
  run: Pick<RoadRun, "context">,
  shape: ModelShape,
  budgetGB: number,
  available = process.availableMemory(),
): void {
  // Four operations a weight and token, so a quarter of them is the weights of all layers.
  const needed = (flopsPerToken(shape) / 4) * bytesPerWeight + overheadBytes;
  if (needed > available) {
    throw new SampanError(
      "memory-short",
      `tuning this base takes about ${gigabytes(needed)}, and ${gigabytes(available)} are free`,
      {
        hint: "Close other programs, use a machine with more memory, or start from a smaller base (--base smollm2-135m-instruct).",
        details: { needed, available },
      },
    );
  }
  if (needed > budgetGB * 1e9) {
    const text = `tuning this base takes about ${gigabytes(needed)}, more than the task's budget of ${budgetGB} GB`;
    run.context.emit({ kind: "warning", text });
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
