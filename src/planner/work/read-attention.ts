import type { Attention } from "../../schema/index.ts";
import { configError, type ConfigReader } from "./config-reader.ts";
import type { FamilyTraits } from "./families.ts";

/** The attention of a layer, without its window; grouped (MHA, GQA, MQA) or latent (MLA). */
export function readAttention(
  config: ConfigReader,
  traits: FamilyTraits,
  width: number,
): Attention {
  const nested = config.nested("attn_config");
  const heads = config.needed("num_attention_heads", "n_head", "n_heads", "num_heads");
  const kvRank = config.count("kv_lora_rank");
  if (kvRank !== undefined && kvRank > 0) return readLatent(config, heads, kvRank);
  const multiQuery = config.flag("multi_query") === true;
  const newDecoder = config.flag("new_decoder_architecture") === true;
  const named =
    config.count(
      "num_key_value_heads",
      "multi_query_group_num",
      "num_kv_heads",
      "n_head_kv",
      "num_query_groups",
    ) ?? nested?.count("kv_n_heads");
  const kvHeads = multiQuery && !newDecoder && named === undefined ? 1 : (named ?? heads);
  if (kvHeads === 0 || heads % kvHeads !== 0) {
    throw configError(`${heads} query heads cannot share ${kvHeads} key heads`);
  }
  const headWidth = config.count("head_dim", "kv_channels") ?? width / heads;
  if (!Number.isInteger(headWidth))
    throw configError(`width ${width} does not divide into ${heads} heads`);
  const bias = config.flag("attention_bias") ?? config.flag("use_bias") ?? config.flag("qkv_bias");
  const addBias = config.flag("add_qkv_bias") ?? config.flag("add_bias_linear");
  return {
    kind: "grouped",
    heads,
    kvHeads,
    headWidth,
    inputBias: addBias ?? bias ?? traits.inputBias ?? false,
    outputBias: traits.outputBias ?? (bias === true && traits.inputBias !== true),
    headNorm: traits.headNorm ?? "none",
    gated: traits.gatedAttention ?? false,
    sinks: traits.sinks ?? false,
  };
}

function readLatent(config: ConfigReader, heads: number, kvRank: number): Attention {
  const queryRank = config.count("q_lora_rank");
  const indexHeads = config.count("index_n_heads");
  config.count("num_key_value_heads");
  config.count("head_dim");
  config.flag("attention_bias");
  return {
    kind: "latent",
    heads,
    queryRank: queryRank === 0 ? undefined : queryRank,
    kvRank,
    ropeWidth: config.needed("qk_rope_head_dim"),
    nopeWidth: config.needed("qk_nope_head_dim"),
    valueWidth: config.needed("v_head_dim"),
    indexer:
      indexHeads === undefined
        ? undefined
        : {
            heads: indexHeads,
            headWidth: config.needed("index_head_dim"),
            topK: config.needed("index_topk"),
          },
  };
}

/** For each layer, how many keys a query sees at most; undefined when all. */
export function readWindows(
  config: ConfigReader,
  traits: FamilyTraits,
  layers: number,
): readonly (number | undefined)[] {
  const window = config.count("sliding_window");
  const used = config.flag("use_sliding_window");
  const types = config.list("layer_types");
  const pattern = config.count("sliding_window_pattern", "_sliding_window_pattern");
  if (window === undefined || window === 0 || used === false) return Array(layers).fill(undefined);
  if (types !== undefined) {
    return Array.from({ length: layers }, (_, layer) =>
      types[layer] === "sliding_attention" ? window : undefined,
    );
  }
  const every =
    pattern ??
    { alternate: 2, "every-sixth-global": 6, ignored: 1, all: 0 }[traits.window ?? "all"];
  return Array.from({ length: layers }, (_, layer) =>
    every === 0 ? window : (layer + 1) % every === 0 ? undefined : window,
  );
}
