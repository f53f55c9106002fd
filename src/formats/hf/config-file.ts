import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";
import type { Family } from "../../schema/index.ts";
import { requireJsonFile, type ModelFolder } from "./folder.ts";

const count = z
  .int()
  .positive()
  .max(2 ** 26);

const ropeSchema = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: z.number().positive().optional(),
});
const ropesSchema = z.union([
  z.strictObject({ full_attention: ropeSchema, sliding_attention: ropeSchema }),
  ropeSchema,
]);

const tokenId = z.union([z.int(), z.array(z.int())]).nullish();

/** The keys of config.json that decide what the model computes; others are ignored. */
const configSchema = z.looseObject({
  model_type: z.string(),
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  rms_norm_eps: z.number().positive(),
  max_position_embeddings: count,
  rope_theta: z.number().positive().nullish(),
  rope_local_base_freq: z.number().positive().nullish(),
  rope_scaling: ropeSchema.nullish(),
  rope_parameters: ropesSchema.nullish(),
  sliding_window: count.nullish(),
  use_sliding_window: z.boolean().nullish(),
  sliding_window_pattern: count.nullish(),
  layer_types: z.array(z.string()).max(4096).nullish(),
  tie_word_embeddings: z.boolean().nullish(),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  hidden_act: z.string().nullish(),
  hidden_activation: z.string().nullish(),
  query_pre_attn_scalar: z.number().positive().nullish(),
  attn_logit_softcapping: z.number().nullish(),
  final_logit_softcapping: z.number().nullish(),
  use_bidirectional_attention: z.boolean().nullish(),
  bos_token_id: tokenId,
  eos_token_id: tokenId,
  pad_token_id: tokenId,
});

export type ModelFileConfig = z.output<typeof configSchema>;
export type RopeSettings = z.output<typeof ropeSchema>;

const familyOf: Readonly<Record<string, Family>> = {
  llama: "llama",
  mistral: "llama",
  qwen2: "qwen2",
  qwen3: "qwen3",
  gemma3_text: "gemma3",
};

/** Gemma 3's defaults, which its multimodal config.json leaves out. Source: the reference configuration. */
const gemmaDefaults = {
  vocab_size: 262_208,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 256,
  rms_norm_eps: 1e-6,
  max_position_embeddings: 131_072,
  query_pre_attn_scalar: 256,
};

/** config.json of a supported family; `base-unsupported` names what is not supported otherwise. */
export function readConfigFile(folder: ModelFolder): { family: Family; config: ModelFileConfig } {
  const outer = requireJsonFile(
    folder,
    "config.json",
    z.looseObject({ model_type: z.string(), text_config: z.looseObject({}).optional() }),
  );
  const type = outer.model_type === "gemma3" ? "gemma3_text" : outer.model_type;
  const family = Object.hasOwn(familyOf, type) ? familyOf[type] : undefined;
  if (family === undefined) {
    throw refuse(folder, `the model type "${outer.model_type}" is not supported`);
  }
  const inner = outer.text_config ?? outer;
  const merged = {
    ...(family === "gemma3" ? gemmaDefaults : {}),
    ...inner,
    model_type: type,
  };
  const config = requireJsonFile(
    { ...folder, text: () => JSON.stringify(merged) },
    "config.json",
    configSchema,
  );
  refuseVariants(folder, family, config);
  return { family, config };
}

function refuseVariants(folder: ModelFolder, family: Family, config: ModelFileConfig): void {
  const activation = config.hidden_activation ?? config.hidden_act;
  const wanted = family === "gemma3" ? "gelu_pytorch_tanh" : "silu";
  if (activation !== undefined && activation !== null && activation !== wanted) {
    throw refuse(folder, `the activation "${activation}" is not supported`);
  }
  if (config.mlp_bias === true) throw refuse(folder, "biases in the feed-forward layers");
  if (config.attention_bias === true) throw refuse(folder, "attention_bias (an output bias)");
  if (family !== "gemma3" && config.use_sliding_window === true) {
    throw refuse(folder, "windowed attention in this family");
  }
  if (config.use_bidirectional_attention === true) throw refuse(folder, "attention both ways");
  for (const key of ["attn_logit_softcapping", "final_logit_softcapping"] as const) {
    if ((config[key] ?? 0) !== 0) throw refuse(folder, `capped logits (${key})`);
  }
}

/** `base-unsupported` for a folder that Sampan cannot convert. */
export function refuse(folder: ModelFolder, what: string): SampanError {
  return new SampanError("base-unsupported", `${folder.name}: ${what}`, {
    hint: "Supported are dense Llama (SmolLM2, Mistral), Qwen 2 and 2.5, Qwen 3 and Gemma 3 text models; llama.cpp's converter may know this one, and Sampan reads its GGUF if the family is supported.",
  });
}
