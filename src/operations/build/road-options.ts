import { availableParallelism } from "node:os";
import { z } from "zod";

/** Where a road may end before the bundle; each is a verb of its own. */
export const roadEnds = ["baseline", "tune", "quantize", "evaluate", "build"] as const;
export type RoadEnd = (typeof roadEnds)[number];

/** The flags that every verb along the road takes. */
export const roadInput = z.strictObject({
  task: z.string().describe("path of a task.yaml"),
  base: z
    .string()
    .optional()
    .describe(
      "base to start from instead of the task's: a name, a GGUF file or a Hugging Face folder",
    ),
  out: z.string().optional().describe("folder for report and bundle (default: out/<task>)"),
  seed: z
    .int()
    .optional()
    .describe(
      "seed of tuning, examples and intervals; the splits have their own (default: the task's)",
    ),
  threads: z.int().positive().optional().describe("threads (default: all cores)"),
  records: z.int().positive().optional().describe("tune on at most this many records"),
  epochs: z.number().positive().optional().describe("passes over the records"),
  testRecords: z.int().positive().optional().describe("evaluate on at most this many test records"),
  provider: z
    .enum(["cpu", "cuda", "dml", "coreml", "webgpu", "cann"])
    .default("cpu")
    .describe("ONNX Runtime's execution provider for tuning"),
});

export type RoadInput = z.infer<typeof roadInput>;

export function threadsOf(input: RoadInput): number {
  return input.threads ?? availableParallelism();
}
