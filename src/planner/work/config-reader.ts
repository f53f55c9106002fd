import { SampanError } from "../../kernel/index.ts";

/** Keys that say nothing about work or memory; anything else that is not read is reported. */
const silent =
  /^(_|architectures$|auto_map$|torch_dtype$|dtype$|transformers|model_type$|.*token_id$|.*token_ids$|use_cache$|initializer|.*dropout|.*_pdrop$|hidden_act$|hidden_activation$|activation|rms_norm|layer_norm|norm_eps|norm_epsilon|rope|rotary|partial_rotary|position_embedding|original_max|pretraining_tp$|output_|return_|attn_implementation|quantization_config$|router_aux|aux_loss|norm_topk|scoring_func|topk_method|topk_group|n_group|routed_scaling|seq_aux|max_window_layers$|query_pre_attn|.*softcapping$|attention_multiplier|embedding_multiplier|logits_scaling|residual_multiplier|bias$|init_|seed$|name_or_path|license|swiglu_limit|initial_context|logit_scale|cache_implementation|fp32|clip_qkv|verbose|expansion_ratio|no_bias|resid|emb_|learned_pos|torch|ep_size|rotary|apply_|slow_but|hidden_size_multiplier|moe_router|use_qk_norm$|attn_temperature|floor_scale|no_rope|attention_chunk|for_llm|attn_scale)/;

const limit = 1e9;

/** Reads a parsed config.json and remembers which keys were read, so that the rest can be named. */
export class ConfigReader {
  readonly #config: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(config: unknown) {
    if (typeof config !== "object" || config === null || Array.isArray(config)) {
      throw configError("a config.json is a JSON object");
    }
    this.#config = { ...config };
  }

  /** The first of `names` that holds a number; refuses what is not a whole number in [0, 1e9]. */
  count(...names: readonly string[]): number | undefined {
    for (const name of names) {
      const value = this.#take(name);
      if (value === undefined || value === null) continue;
      if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= limit) {
        return value;
      }
      throw configError(`${name} is ${JSON.stringify(value)}, not a whole number from 0 to 1e9`);
    }
    return undefined;
  }

  /** As `count`, but missing or zero is an error that names the keys. */
  needed(...names: readonly string[]): number {
    const value = this.count(...names);
    if (value === undefined || value === 0) throw configError(`it lacks ${names.join(" or ")}`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#take(name);
    return typeof value === "boolean" ? value : undefined;
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    return typeof value === "string" ? value : undefined;
  }

  /** An array of at most 100,000 members. */
  list(name: string): readonly unknown[] | undefined {
    const value = this.#take(name);
    if (!Array.isArray(value)) return undefined;
    if (value.length > 100_000) throw configError(`${name} has ${value.length} members`);
    return value;
  }

  /** A nested object as a reader of its own. */
  nested(name: string): ConfigReader | undefined {
    const value = this.#take(name);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? new ConfigReader(value)
      : undefined;
  }

  unread(): string[] {
    return Object.keys(this.#config)
      .filter((key) => !this.#read.has(key) && !silent.test(key))
      .sort();
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#config, name) ? this.#config[name] : undefined;
  }
}

export function configError(problem: string): SampanError {
  return new SampanError(
    "format-corrupt",
    `the model's config.json cannot be planned with: ${problem}`,
    {
      hint: "Give the config.json as published, or a name of the catalogue.",
    },
  );
}
