import { z } from "zod";

const number = z.number().optional();
const word = z.string().max(500).nullish();

/**
 * One measurement that somebody published. Rows come from many hands, so members that are not known here are kept
 * and members may be missing; only what identifies a row is required.
 */
export const publishedRunSchema = z.looseObject({
  id: z.string().max(300),
  kind: z.enum(["training", "inference"]),
  /** The source that rows share: validation leaves whole groups out. */
  group: z.string().max(200),
  model: z.string().max(300),
  arch: z
    .looseObject({
      params: number,
      hidden: number,
      layers: number,
      heads: number,
      kv_heads: number,
      ffn: number,
      vocab: number,
      experts: number,
      top_k: number,
      attention: word,
      note: word,
    })
    .nullish(),
  hardware: z.string().max(300),
  accelerators: z.number().nullish(),
  gpus_per_node: z.number().nullish(),
  interconnect: word,
  precision: word,
  framework: word,
  parallelism: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))
    .nullish(),
  seq_len: z.number().nullish(),
  global_batch: z.number().nullish(),
  input_len: z.number().nullish(),
  output_len: z.number().nullish(),
  concurrency: z.number().nullish(),
  num_requests: z.number().nullish(),
  workload: z.unknown().optional(),
  /** The figures, by name with unit; `tokens_per_s_per_gpu`, `step_time_s`, `mfu`, `tpot_ms`, ... */
  measured: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  derived: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).nullish(),
  flops_convention: word,
  moe_routing: word,
  notes: z.string().max(5_000).nullish(),
  source: z.looseObject({ title: word, repo: word, path: word, commit: word, url: word }),
  confidence: word,
});

export type PublishedRun = z.infer<typeof publishedRunSchema>;
