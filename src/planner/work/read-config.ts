import { SampanError, suggest } from "../../kernel/index.ts";
import type { Architecture, Attention, FeedForward, LayerGroup } from "../../schema/index.ts";
import { configError, ConfigReader } from "./config-reader.ts";
import { families, type FamilyTraits } from "./families.ts";
import { readAttention, readWindows } from "./read-attention.ts";
import { readFeedForwards } from "./read-feed-forward.ts";
import { readHybrid } from "./read-hybrid.ts";

const maxLayers = 10_000;

/**
 * The architecture that a parsed Hugging Face `config.json` describes. Keys that matter and are not understood are in
 * `unread`. Throws `base-unsupported` for an unknown `model_type` and `format-corrupt` for impossible values.
 */
export function readConfig(value: unknown, name: string): Architecture {
  const outer = new ConfigReader(value);
  const inner = outer.nested("text_config") ?? outer.nested("llm_config");
  const config = inner ?? outer;
  const type = config.text("model_type") ?? outer.text("model_type") ?? "llama";
  const traits = families[type];
  const hybrid = readHybrid(config, type, name);
  if (hybrid !== undefined) return hybrid;
  if (traits === undefined) {
    const near = suggest(type, Object.keys(families));
    throw new SampanError("base-unsupported", `model type "${type}" is not known to the planner`, {
      hint: `${near === undefined ? "" : `The nearest is "${near}". `}Known: ${Object.keys(families).join(", ")}.`,
    });
  }
  return assemble(config, traits, name, inner === undefined ? [] : outer.unread());
}

function assemble(
  config: ConfigReader,
  traits: FamilyTraits,
  name: string,
  outside: readonly string[],
): Architecture {
  const width = config.needed("hidden_size", "n_embd", "d_model", "word_embed_proj_dim");
  const layers = config.needed("num_hidden_layers", "n_layer", "num_layers", "n_layers");
  if (layers > maxLayers) throw configError(`${layers} layers`);
  const attention = readAttention(config, traits, width);
  const windows = readWindows(config, traits, layers);
  const feedForwards = readFeedForwards(config, traits, width, layers);
  const context = config.count(
    "max_position_embeddings",
    "n_positions",
    "max_seq_len",
    "seq_length",
    "n_ctx",
  );
  const norms = readNorms(config, traits);
  const vocabulary = config.needed("padded_vocab_size", "vocab_size");
  config.count("vocab_size");
  const tied = config.flag("tie_word_embeddings") ?? traits.tied ?? false;
  const predictionLayers = config.count("num_nextn_predict_layers") ?? 0;
  return {
    name,
    width,
    groups: groupLayers(attention, windows, feedForwards, norms),
    vocabulary,
    tied,
    positions: traits.positions === true ? (context ?? 0) : 0,
    norm: traits.norm ?? "rms",
    embeddingNorm: traits.embeddingNorm ?? false,
    predictionLayers,
    contextLength: context,
    unread: [...config.unread(), ...outside],
  };
}

function readNorms(config: ConfigReader, traits: FamilyTraits): number {
  // Falcon's parallel block has one norm unless the newer decoder is asked for.
  if (config.flag("parallel_attn") === true && config.flag("new_decoder_architecture") !== true)
    return 1;
  return traits.norms ?? 2;
}

/** Layers that are alike, counted together; order within a stage does not matter for the sums. */
export function groupLayers(
  attention: Attention,
  windows: readonly (number | undefined)[],
  feedForwards: readonly FeedForward[],
  norms: number,
): LayerGroup[] {
  const groups = new Map<string, LayerGroup>();
  feedForwards.forEach((feedForward, layer) => {
    const window = windows[layer];
    const key = `${window ?? "all"} ${feedForward.kind}`;
    const seen = groups.get(key);
    const mixed: Attention =
      attention.kind === "grouped" && window !== undefined ? { ...attention, window } : attention;
    groups.set(key, {
      count: (seen?.count ?? 0) + 1,
      attention: mixed,
      feedForward,
      norms,
    });
  });
  return [...groups.values()];
}
