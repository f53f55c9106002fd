import type { FeedForward } from "../../schema/index.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { FamilyTraits } from "./families.ts";

/** For each layer, what follows its attention: dense, or experts in some or all layers. */
export function readFeedForwards(
  config: ConfigReader,
  traits: FamilyTraits,
  width: number,
  layers: number,
): readonly FeedForward[] {
  const nested = config.nested("ffn_config");
  const denseWidth =
    config.count("intermediate_size_mlp") ??
    config.count("intermediate_size", "n_inner", "ffn_hidden_size", "ffn_dim") ??
    nested?.count("ffn_hidden_size") ??
    4 * width;
  const bias =
    config.flag("mlp_bias") ?? config.flag("add_bias_linear") ?? traits.feedForwardBias ?? false;
  const dense: FeedForward = { kind: "dense", width: denseWidth, gated: traits.gated, bias };
  const expert = readExperts(config, nested, traits, bias);
  if (expert === undefined) return Array<FeedForward>(layers).fill(dense);
  const isSparse = readSparseLayers(config, layers);
  return Array.from({ length: layers }, (_, layer) => (isSparse(layer) ? expert : dense));
}

function readExperts(
  config: ConfigReader,
  nested: ConfigReader | undefined,
  traits: FamilyTraits,
  bias: boolean,
): FeedForward | undefined {
  const experts =
    config.count("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts") ??
    nested?.count("moe_num_experts") ??
    0;
  if (experts <= 1) return undefined;
  const width =
    config.count("moe_intermediate_size", "expert_ffn_hidden_size", "ffn_hidden_size") ??
    nested?.count("ffn_hidden_size") ??
    config.needed("intermediate_size");
  const shared =
    config.count(
      "n_shared_experts",
      "num_shared_experts",
      "num_shared_expert",
      "moe_num_shared_experts",
    ) ?? 0;
  const sharedWidth =
    config.count("shared_expert_intermediate_size", "moe_shared_expert_intermediate_size") ??
    // Llama 4 has one shared expert of the same width and says so in code only.
    (config.count("interleave_moe_layer_step") === undefined ? shared * width : width);
  return {
    kind: "experts",
    experts,
    topK:
      config.count("num_experts_per_tok", "moe_topk", "moe_k", "num_experts_per_token") ??
      nested?.count("moe_top_k") ??
      config.needed("top_k"),
    width,
    gated: traits.gated,
    bias,
    sharedWidth,
    sharedGate: traits.sharedGate ?? false,
    routerBias: (traits.routerBias ?? false) || (traits.sinks ?? false),
  };
}

/** Which layers are sparse, by the four ways in which configs say it. */
function readSparseLayers(config: ConfigReader, layers: number): (layer: number) => boolean {
  const firstDense = config.count("first_k_dense_replace", "moe_layer_start_index") ?? 0;
  const every =
    config.count(
      "moe_layer_freq",
      "interleave_moe_layer_step",
      "decoder_sparse_step",
      "moe_layer_interval",
    ) ?? 1;
  const listed = config.list("moe_layer_freq_list");
  const denseOnly = new Set(config.list("mlp_only_layers") ?? []);
  const step = every === 0 ? layers + 1 : every;
  const offset = firstDense > 0 ? 0 : step - 1;
  return (layer) =>
    listed !== undefined
      ? listed[layer] === 1
      : layer >= firstDense && !denseOnly.has(layer) && layer % step === offset % step;
}
