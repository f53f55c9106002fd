import { z } from "zod";

/** Turns a raw confidence c into a probability of being right: sigmoid(slope x logit(c) + offset). */
export const confidenceMapSchema = z.strictObject({
  kind: z.literal("logit"),
  slope: z.number().min(0),
  offset: z.number(),
});

/**
 * One way in which the answers of two members become one: the surer answer is taken, and its probability is
 * sigmoid(own x logit(surer) + other x +-logit(less sure) + agreement + offset), where the sign is
 * minus and agreement is left out when they differ.
 */
const surerMapSchema = z.strictObject({
  kind: z.literal("surer"),
  own: z.number().min(0),
  other: z.number().min(0),
  agreement: z.number(),
  offset: z.number(),
});

/** The other, where both list their options: each output has p ~ before^`before` x after^`after`. */
const poolMapSchema = z.strictObject({
  kind: z.literal("pool"),
  before: z.number().min(0),
  after: z.number().min(0),
});

export const mergeMapSchema = z.discriminatedUnion("kind", [surerMapSchema, poolMapSchema]);

/**
 * Members asked one after the other until the merged confidence reaches a step's `stopAt`; a step
 * with `stopAt` above 1 never answers alone. The last step always answers.
 */
export const chainRuleSchema = z.strictObject({
  kind: z.literal("chain"),
  steps: z
    .array(
      z.strictObject({
        /** Variant id. */
        member: z.string(),
        map: confidenceMapSchema,
        /** With the steps before it; the first step has none. */
        merge: mergeMapSchema.optional(),
        stopAt: z.number().min(0),
      }),
    )
    .min(1)
    .max(8),
});

export type ConfidenceMap = z.infer<typeof confidenceMapSchema>;
export type SurerMap = z.infer<typeof surerMapSchema>;
export type PoolMap = z.infer<typeof poolMapSchema>;
export type MergeMap = z.infer<typeof mergeMapSchema>;
export type ChainRule = z.infer<typeof chainRuleSchema>;
