/** What a model family fixes in code rather than in its config.json. */
export interface FamilyTraits {
  /** Feed-forward of three matrices (gate, up, down). */
  readonly gated: boolean;
  /** Biases of q, k, v / of the attention's output / of the feed-forward, where the config does not say. */
  readonly inputBias?: boolean;
  readonly outputBias?: boolean;
  readonly feedForwardBias?: boolean;
  readonly norm?: "layer";
  /** Norm vectors of residual width per layer; 2 unless said. */
  readonly norms?: number;
  /** Learned position embeddings. */
  readonly positions?: boolean;
  readonly headNorm?: "per-head" | "all-heads";
  /** Output projection tied to the embedding where the config does not say. */
  readonly tied?: boolean;
  readonly embeddingNorm?: boolean;
  /** The router's correction bias per expert. */
  readonly routerBias?: boolean;
  /** A scalar gate on the shared expert. */
  readonly sharedGate?: boolean;
  /** The queries' projection also makes an output gate. */
  readonly gatedAttention?: boolean;
  readonly sinks?: boolean;
  /** The family ignores `sliding_window` of its config, or uses it in some layers only. */
  readonly window?: "ignored" | "alternate" | "every-sixth-global";
}

const llama: FamilyTraits = { gated: true };
const gpt: FamilyTraits = {
  gated: false,
  inputBias: true,
  outputBias: true,
  feedForwardBias: true,
  norm: "layer",
};
const deepseek: FamilyTraits = { gated: true, routerBias: true };
const qwen3: FamilyTraits = { gated: true, headNorm: "per-head", window: "ignored" };

/** Families by `model_type`; source: the modelling code that each type names in Hugging Face transformers. */
export const families: Readonly<Record<string, FamilyTraits>> = {
  llama,
  mistral: llama,
  mixtral: llama,
  yi: llama,
  granite: llama,
  internlm: llama,
  internlm2: llama,
  aquila: llama,
  baichuan: llama,
  phi3: llama,
  ernie4_5: llama,
  ernie4_5_moe: { gated: true, routerBias: true },
  llama4_text: llama,
  llama4: llama,
  deepseek: llama,
  deepseek_v2: { gated: true },
  deepseek_v3: deepseek,
  deepseek_v32: deepseek,
  kimi_k2: deepseek,
  glm4_moe: { ...deepseek, inputBias: true, headNorm: "per-head" },
  glm4_moe_lite: deepseek,
  bailing_moe: { gated: true },
  bailing_moe_v2: { gated: true, routerBias: true, headNorm: "per-head" },
  pangu_pro_moe: { gated: true, inputBias: true, outputBias: true },
  minimax_m2: { gated: true, routerBias: true, headNorm: "all-heads" },
  hunyuan_v1_moe: { gated: true, headNorm: "per-head" },
  dots1: { gated: true, routerBias: true, headNorm: "per-head" },
  qwen: { gated: true, inputBias: true, window: "ignored" },
  qwen2: { gated: true, inputBias: true, window: "ignored" },
  qwen2_moe: { gated: true, inputBias: true, sharedGate: true, window: "ignored" },
  qwen3,
  qwen3_moe: qwen3,
  qwen3_next: { ...qwen3, sharedGate: true, gatedAttention: true },
  gemma: { gated: true, tied: true },
  gemma2: { gated: true, tied: true, norms: 4, window: "alternate" },
  gemma3: { gated: true, tied: true, norms: 4, headNorm: "per-head", window: "every-sixth-global" },
  gemma3_text: {
    gated: true,
    tied: true,
    norms: 4,
    headNorm: "per-head",
    window: "every-sixth-global",
  },
  glm: { gated: true, inputBias: true },
  glm4: { gated: true, inputBias: true, norms: 4 },
  chatglm: { gated: true, inputBias: true },
  olmo: { gated: true },
  olmo2: { gated: true, headNorm: "all-heads" },
  olmo3: { gated: true, headNorm: "all-heads" },
  smollm3: { gated: true, window: "ignored" },
  cohere: { gated: true, tied: true, norms: 1 },
  cohere2: { gated: true, tied: true, norms: 1 },
  gpt_oss: {
    gated: true,
    inputBias: true,
    outputBias: true,
    feedForwardBias: true,
    sinks: true,
    window: "alternate",
  },
  gpt2: { ...gpt, positions: true, tied: true },
  gpt_neox: gpt,
  opt: { ...gpt, positions: true, tied: true },
  bloom: { ...gpt, tied: true, embeddingNorm: true },
  falcon: { gated: false, norm: "layer", norms: 2, tied: true },
  starcoder2: { ...gpt, tied: true },
  phi: { ...gpt, norms: 1 },
  mpt: { gated: false, norm: "layer", tied: true },
  nemotron: { gated: false, norm: "layer" },
  grok: llama,
  "grok-1": llama,
  dbrx: { gated: true, norm: "layer" },
};
