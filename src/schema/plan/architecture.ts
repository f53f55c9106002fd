/** How a layer attends. Widths are channels; `heads * headWidth` need not equal the residual width. */
export type Attention =
  | GroupedAttention
  | LatentAttention
  | RecurrentMixer
  /** No token mixing in this layer (hybrids such as Nemotron-H split mixers and feed-forwards). */
  | { readonly kind: "none" };

/** Multi-head (kvHeads = heads), grouped-query or multi-query (kvHeads = 1) attention. */
export interface GroupedAttention {
  readonly kind: "grouped";
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Biases of the q, k and v projections. */
  readonly inputBias: boolean;
  readonly outputBias: boolean;
  /** Norm weights over each head's query and key: none, one vector per head width, or one over all heads. */
  readonly headNorm: "none" | "per-head" | "all-heads";
  /** A gate as wide as the queries, from the same projection (Qwen3-Next). */
  readonly gated: boolean;
  /** Keys seen by one query; absent when all are. */
  readonly window?: number | undefined;
  /** One learned sink per head (GPT-OSS). */
  readonly sinks: boolean;
}

/** Multi-head latent attention (DeepSeek-V2): keys and values through one latent of `kvRank` channels. */
export interface LatentAttention {
  readonly kind: "latent";
  readonly heads: number;
  /** Rank of the query's latent; absent when queries are projected directly. */
  readonly queryRank?: number | undefined;
  readonly kvRank: number;
  readonly ropeWidth: number;
  readonly nopeWidth: number;
  readonly valueWidth: number;
  /** Keys that a sparse indexer keeps per query (DeepSeek-V3.2); absent when attention is dense. */
  readonly indexer?:
    | { readonly heads: number; readonly headWidth: number; readonly topK: number }
    | undefined;
}

/** A mixer with a state of fixed size: Mamba-2, gated delta net, lightning attention. */
export interface RecurrentMixer {
  readonly kind: "recurrent";
  /** Exact parameters of one mixer. */
  readonly parameters: number;
  /** Of those, parameters that multiply every token (matrix products). */
  readonly matrixParameters: number;
  /** Operations of the scan per token, forward, beyond the matrix products. */
  readonly scanFlops: number;
  /** Numbers of state per sequence. */
  readonly state: number;
}

/** What follows the mixing in a layer. */
export type FeedForward =
  | {
      readonly kind: "dense";
      readonly width: number;
      /** Three matrices (gate, up, down) rather than two. */
      readonly gated: boolean;
      readonly bias: boolean;
    }
  | ExpertFeedForward
  | { readonly kind: "none" };

export interface ExpertFeedForward {
  readonly kind: "experts";
  /** Routed experts, of which each token visits `topK`. */
  readonly experts: number;
  readonly topK: number;
  readonly width: number;
  readonly gated: boolean;
  readonly bias: boolean;
  /** Total width of the shared experts; 0 when there are none. */
  readonly sharedWidth: number;
  /** A learned scalar gate on the shared expert (Qwen MoE). */
  readonly sharedGate: boolean;
  /** Bias per expert in the router (DeepSeek-V3's correction bias is not counted as a parameter by its authors, but is one). */
  readonly routerBias: boolean;
  /** Experts work on a narrower residual of this width (latent experts); absent when on the full width. */
  readonly latentWidth?: number | undefined;
}

/** Identical layers, in a row or interleaved with others; order matters only for what a pipeline stage holds. */
export interface LayerGroup {
  readonly count: number;
  readonly attention: Attention;
  readonly feedForward: FeedForward;
  /** Norm vectors of residual width in one layer. */
  readonly norms: number;
}

/** What the planner needs of a transformer; made from a Hugging Face `config.json` by `planner/work`. */
export interface Architecture {
  readonly name: string;
  /** Residual width. */
  readonly width: number;
  readonly groups: readonly LayerGroup[];
  readonly vocabulary: number;
  /** Output projection shares the token embedding. */
  readonly tied: boolean;
  /** Learned position vectors; 0 with rotary or ALiBi positions. */
  readonly positions: number;
  /** RMS norms have one vector, layer norms two (scale and shift). */
  readonly norm: "rms" | "layer";
  /** Norm of the embeddings (BLOOM). */
  readonly embeddingNorm: boolean;
  /** Multi-token-prediction modules, each one layer of the last group with its projection of 2 widths to 1. */
  readonly predictionLayers: number;
  readonly contextLength?: number | undefined;
  /** Keys of the config that were not understood; named, never silently ignored. */
  readonly unread: readonly string[];
}
