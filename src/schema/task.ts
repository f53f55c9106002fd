import { z } from "zod";
import { sourceFileSchema } from "./place.ts";
import { objectSchema } from "./value.ts";

/** Where labelled records come from. */
export const dataSourceSchema = z.strictObject({
  name: z.string(),
  file: sourceFileSchema,
  reader: z
    .string()
    .default("jsonl")
    .describe(
      "jsonl, json, csv, tsv, or the path (beside the task) of a module whose default export is (bytes: Uint8Array) => Iterable<{input, output, group?, place?} | {drop: reason}>.",
    ),
  input: z
    .record(z.string(), z.string())
    .optional()
    .describe("Input property <- column (csv, tsv, json, jsonl); same names when left out."),
  output: z.record(z.string(), z.string()).optional().describe("Output property <- column."),
  group: z.string().optional().describe("Column whose equal values stay in one split."),
  licence: z.string().optional(),
});

export const splitsSchema = z.strictObject({
  test: z
    .number()
    .positive()
    .default(0.2)
    .describe("Share of records (below 1) or their number, held out for the final figures."),
  validation: z
    .number()
    .positive()
    .default(0.1)
    .describe("Share or number, for early stopping and thresholds."),
  seed: z.int().default(1),
});

export const pricesSchema = z.strictObject({
  currency: z.string().default("USD"),
  machinePerHour: z.number().min(0).default(0.1).describe("What an hour of this machine costs."),
  escalation: z
    .number()
    .min(0)
    .default(0.5)
    .describe("What a transaction costs when a person does it."),
  error: z.number().min(0).default(2).describe("What a wrong answer costs that slipped through."),
});

export const acceptanceSchema = z.strictObject({
  accuracy: z
    .number()
    .min(0)
    .max(1)
    .describe("Of the answers that go straight through, at least this share must be correct."),
  straightThrough: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("At least this share of transactions must go straight through."),
  confidence: z
    .number()
    .min(0.5)
    .max(0.999)
    .default(0.95)
    .describe("Confidence with which the bar must be passed."),
});

export const tuneSettingsSchema = z.strictObject({
  rank: z.int().min(1).max(256).optional(),
  alpha: z.number().positive().optional(),
  modules: z.array(z.enum(["q", "k", "v", "o", "gate", "up", "down"])).optional(),
  learningRate: z.number().positive().optional(),
  epochs: z.number().positive().optional(),
  batchTokens: z.int().positive().optional().describe("Tokens per optimizer step."),
  warmup: z.number().min(0).max(1).optional(),
  weightDecay: z.number().min(0).optional(),
  clip: z.number().positive().optional(),
  records: z
    .int()
    .positive()
    .optional()
    .describe("At most this many training records, drawn by seed."),
  loss: z
    .enum(["decisions", "tokens"])
    .optional()
    .describe(
      "What is learnt: the decisions that the output schema leaves open, each against its alternatives; " +
        "or every token of the answer, for use without bounded decoding.",
    ),
  arithmetic: z
    .enum(["f32", "int8"])
    .optional()
    .describe("Frozen weights in 32-bit floats, or in 8-bit integers: faster, less exact."),
});

const vocabularySchema = z
  .enum(["auto", "keep", "trim", "extend"])
  .describe(
    "Tokens of the base that is tuned: all of them (keep), those that the task's texts need with room for others (trim), more where the task's texts take fewer with them (extend), or trim where it saves a fifth of the file (auto).",
  );

export const precisionSchema = z.enum(["F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q4_1", "Q4_0"]);

export const variantsSchema = z.strictObject({
  precisions: z.array(precisionSchema).min(1).default(["Q8_0", "Q4_0"]),
  fewShot: z
    .int()
    .min(0)
    .max(64)
    .default(16)
    .describe(
      "Worked examples shown to the untouched base in its few-shot variant; 0 turns it off.",
    ),
  zeroShot: z.boolean().default(true),
  classical: z
    .boolean()
    .default(true)
    .describe("Classical baselines that suit the output are tried unless this is false."),
  baseSample: z
    .int()
    .positive()
    .default(40)
    .describe("Untouched bases are slow: measured on at most this many test records."),
  chains: z.boolean().default(true),
});

export const budgetSchema = z.strictObject({
  minutes: z.number().positive().default(12),
  memoryGB: z.number().positive().default(6),
});

export const taskSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and hyphens"),
  description: z.string().default(""),
  base: z
    .string()
    .default("gemma-3-270m")
    .describe("A name in the catalogue, the path of a GGUF file, or of a Hugging Face folder."),
  input: objectSchema,
  output: objectSchema,
  data: z.array(dataSourceSchema).min(1),
  splits: splitsSchema.prefault({}),
  acceptance: acceptanceSchema,
  prices: pricesSchema.prefault({}),
  budget: budgetSchema.prefault({}),
  vocabulary: vocabularySchema.default("keep"),
  tune: tuneSettingsSchema.prefault({}),
  variants: variantsSchema.prefault({}),
  seed: z.int().default(1),
});

export type Task = z.infer<typeof taskSchema>;
export type DataSource = z.infer<typeof dataSourceSchema>;
export type Splits = z.infer<typeof splitsSchema>;
export type Prices = z.infer<typeof pricesSchema>;
export type Acceptance = z.infer<typeof acceptanceSchema>;
export type TuneSettings = z.infer<typeof tuneSettingsSchema>;
export type Precision = z.infer<typeof precisionSchema>;
export type VariantSettings = z.infer<typeof variantsSchema>;
