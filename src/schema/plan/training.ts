import { z } from "zod";

const degree = z.int().min(1).max(65_536);

/**
 * Recipes of training arithmetic: the format of the matrix products, and how it is scaled. Everything else
 * (attention, norms, reductions) runs in bf16 or fp32.
 */
export const trainingPrecisions = [
  "fp32",
  "tf32",
  "fp16",
  "bf16",
  "fp8",
  "fp8-current",
  "mxfp8",
  "nvfp4",
] as const;

export const schedules = ["gpipe", "1f1b", "interleaved", "zero-bubble"] as const;

/** none keeps all activations; selective drops the attention core's; full keeps only each layer's input. */
export const recomputes = ["none", "selective", "full"] as const;

/** One way to train one model on one group of accelerators. Degrees multiply to the accelerators used. */
export const trainingPlanSchema = z.strictObject({
  tensor: degree.default(1),
  /** Norms and residuals split over the tensor-parallel ranks too. */
  sequenceParallel: z.boolean().default(true),
  pipeline: degree.default(1),
  /** Model chunks per pipeline stage; above 1 the schedule is interleaved. */
  interleave: z.int().min(1).max(256).default(1),
  schedule: z.enum(schedules).default("1f1b"),
  data: degree.default(1),
  /** ZeRO stage: 1 shards optimizer states, 2 gradients too, 3 (FSDP) weights too. */
  zero: z.int().min(0).max(3).default(1),
  /** Ranks that one shard group spans; all data-parallel ranks when left out. */
  shardGroup: degree.optional(),
  expert: degree.default(1),
  /** Tensor-parallel degree inside experts. */
  expertTensor: degree.default(1),
  context: degree.default(1),
  /** Sequences per micro-batch. */
  microBatch: z.int().min(1).max(65_536).default(1),
  /** Sequences per optimizer step, over all data-parallel ranks. */
  globalBatch: z.int().min(1).max(100_000_000),
  /** Tokens per sequence. */
  sequence: z.int().min(1).max(100_000_000),
  recompute: z.enum(recomputes).default("none"),
  precision: z.enum(trainingPrecisions).default("bf16"),
  /** Fused attention kernel, which does not store the score matrix. */
  flashAttention: z.boolean().default(true),
  /** What is trained. */
  trains: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("all") }),
      z.strictObject({
        kind: z.literal("lora"),
        rank: z.int().min(1).max(4_096),
        /** Base weights are kept in 4 bits (QLoRA). */
        quantizedBase: z.boolean().default(false),
      }),
    ])
    .default({ kind: "all" }),
});

export type TrainingPrecision = (typeof trainingPrecisions)[number];
export type Schedule = (typeof schedules)[number];
export type Recompute = (typeof recomputes)[number];
export type TrainingPlan = z.infer<typeof trainingPlanSchema>;
