import { z } from "zod";
import { unitTextSchema } from "./unit-text.ts";

/** Tokens of a request: their mean and how they spread (log-normal by `spread`, the coefficient of variation). */
const lengthSchema = z.strictObject({
  mean: z.number().positive().max(10_000_000),
  spread: z.number().min(0).max(10).default(0),
});

/** `traffic.yaml`: what a service is asked. Either a rate (open) or a concurrency (closed), not both. */
export const trafficSchema = z
  .strictObject({
    name: z.string().max(100).optional(),
    rate: unitTextSchema("1/s").optional(),
    concurrency: z.int().min(1).max(10_000_000).optional(),
    /** Coefficient of variation of the time between requests; 1 is Poisson. */
    burstiness: z.number().min(0).max(20).default(1),
    input: lengthSchema,
    output: lengthSchema,
    /** Share of input tokens that an earlier request already computed. */
    reusedPrefix: z.number().min(0).max(1).default(0),
  })
  .refine(({ rate, concurrency }) => (rate === undefined) !== (concurrency === undefined), {
    message: "give rate (requests per second) or concurrency, one of the two",
  });

export type Traffic = z.infer<typeof trafficSchema>;
