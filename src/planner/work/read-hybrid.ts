import type {
  Architecture,
  Attention,
  FeedForward,
  LayerGroup,
  RecurrentMixer,
} from "../../schema/index.ts";
import { configError, type ConfigReader } from "./config-reader.ts";
import { families } from "./families.ts";
import { readAttention } from "./read-attention.ts";
import { readFeedForwards } from "./read-feed-forward.ts";

/** Models that mix recurrent layers with attention: Nemotron-H (Mamba-2) and Qwen3-Next (gated delta net). */
export function readHybrid(
  config: ConfigReader,
  type: string,
  name: string,
): Architecture | undefined {
  if (type === "nemotron_h") return readNemotronH(config, name);
  if (type === "qwen3_next") return readQwenNext(config, name);
  return undefined;
}

function readNemotronH(config: ConfigReader, name: string): Architecture {
  const width = config.needed("hidden_size");
  const pattern = config.text("hybrid_override_pattern") ?? "";
  if (!/^[M*\-E]{1,1000}$/.test(pattern))
    throw configError("hybrid_override_pattern is not made of M, *, - and E");
  const mixer = readMamba(config, width);
  const attention = readAttention(config, { gated: false }, width);
  const none = { kind: "none" } as const;
  const kinds: Readonly<Record<string, readonly [Attention, FeedForward]>> = {
    M: [mixer, none],
    "*": [attention, none],
    "-": [
      none,
      {
        kind: "dense",
        width: config.count("intermediate_size") ?? 4 * width,
        gated: false,
        bias: false,
      },
    ],
    ...(pattern.includes("E") ? { E: [none, readRelatedExperts(config)] } : {}),
  };
  const groups: LayerGroup[] = Object.entries(kinds)
    .map(([letter, [mixing, feedForward]]) => ({
      count: pattern.split("").filter((found) => found === letter).length,
      attention: mixing,
      feedForward,
      norms: 1,
    }))
    .filter(({ count }) => count > 0);
  config.count("num_hidden_layers");
  return finish(config, name, width, groups);
}

function readRelatedExperts(config: ConfigReader): FeedForward {
  const width = config.needed("moe_intermediate_size");
  return {
    kind: "experts",
    experts: config.needed("n_routed_experts"),
    topK: config.needed("num_experts_per_tok"),
    width,
    gated: false,
    bias: false,
    sharedWidth:
      config.count("moe_shared_expert_intermediate_size") ??
      (config.count("n_shared_experts") ?? 0) * width,
    sharedGate: false,
    routerBias: true,
    latentWidth: config.count("moe_latent_size"),
  };
}

/** Mamba-2 (Dao and Gu 2024): in and out projections, a short convolution, a scan over heads. */
function readMamba(config: ConfigReader, width: number): RecurrentMixer {
  const heads = config.needed("mamba_num_heads");
  const headWidth = config.needed("mamba_head_dim");
  const groups = config.needed("n_groups");
  const state = config.needed("ssm_state_size");
  const kernel = config.count("conv_kernel") ?? 4;
  const inner = heads * headWidth;
  const convolved = inner + 2 * groups * state;
  const matrixParameters = width * (inner + convolved + heads) + inner * width;
  return {
    kind: "recurrent",
    matrixParameters,
    parameters: matrixParameters + convolved * (kernel + 1) + 3 * heads + inner,
    // Decay, outer product and read-out of a state of inner x state numbers.
    scanFlops: 6 * inner * state + 2 * convolved * kernel,
    state: inner * state + convolved * (kernel - 1),
  };
}

function readQwenNext(config: ConfigReader, name: string): Architecture {
  const width = config.needed("hidden_size");
  const layers = config.needed("num_hidden_layers");
  const every = config.count("full_attention_interval") ?? 4;
  const traits = families["qwen3_next"] ?? { gated: true };
  const attention = readAttention(config, traits, width);
  const mixer = readDeltaNet(config, width);
  const feedForward = readFeedForwards(config, traits, width, layers)[0] ?? { kind: "none" };
  config.list("layer_types");
  const full = Math.floor(layers / every);
  return finish(config, name, width, [
    { count: layers - full, attention: mixer, feedForward, norms: 2 },
    { count: full, attention, feedForward, norms: 2 },
  ]);
}

/** Gated delta net (Yang et al. 2024), as Qwen3-Next has it. */
function readDeltaNet(config: ConfigReader, width: number): RecurrentMixer {
  const keyWidth = config.needed("linear_num_key_heads") * config.needed("linear_key_head_dim");
  const valueHeads = config.needed("linear_num_value_heads");
  const valueHeadWidth = config.needed("linear_value_head_dim");
  const valueWidth = valueHeads * valueHeadWidth;
  const kernel = config.count("linear_conv_kernel_dim") ?? 4;
  const convolved = 2 * keyWidth + valueWidth;
  const matrixParameters = width * (convolved + valueWidth + 2 * valueHeads) + valueWidth * width;
  const state = valueWidth * config.needed("linear_key_head_dim");
  return {
    kind: "recurrent",
    matrixParameters,
    parameters: matrixParameters + convolved * kernel + 2 * valueHeads + valueHeadWidth,
    scanFlops: 8 * state + 2 * convolved * kernel,
    state: state + convolved * (kernel - 1),
  };
}

function finish(
  config: ConfigReader,
  name: string,
  width: number,
  groups: readonly LayerGroup[],
): Architecture {
  return {
    name,
    width,
    groups,
    vocabulary: config.needed("vocab_size"),
    tied: config.flag("tie_word_embeddings") ?? false,
    positions: 0,
    norm: "rms",
    embeddingNorm: false,
    predictionLayers: config.count("num_nextn_predict_layers") ?? 0,
    contextLength: config.count("max_position_embeddings"),
    unread: config.unread(),
  };
}
