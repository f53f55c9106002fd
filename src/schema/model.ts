export type Family = "llama" | "qwen2" | "qwen3" | "gemma3";

/** How rotary position embeddings pair the channels: (0,1),(2,3)… or (0,h),(1,h+1)…. */
export type RopePairing = "interleaved" | "halves";

/** What a decoder-only transformer of the four families needs to be computed. */
export interface ModelConfig {
  readonly family: Family;
  readonly vocabulary: number;
  /** Residual width. */
  readonly width: number;
  readonly layers: number;
  readonly feedForward: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  readonly normEpsilon: number;
  readonly ropeBase: number;
  readonly ropePairing: RopePairing;
  /** Multiplies each rotary frequency (length headWidth / 2): Llama 3's scaling; all ones otherwise. */
  readonly ropeFrequencyFactors?: readonly number[];
  /** Linear position scaling of global layers: position / factor. */
  readonly ropeLinearFactor?: number;
  /** Gemma 3: layers that see a window only, with a rope base of their own. */
  readonly localAttention?: {
    readonly window: number;
    readonly ropeBase: number;
    /** Layer i is global when (i + 1) % globalEvery === 0. */
    readonly globalEvery: number;
  };
  readonly attentionBias: boolean;
  /** RMS norm over each head's query and key (Qwen 3, Gemma 3). */
  readonly headNorm: boolean;
  /** Norms after attention and after the feed-forward too (Gemma 3). */
  readonly sandwichNorm: boolean;
  readonly activation: "silu" | "gelu-tanh";
  /** Multiplies token embeddings (Gemma: sqrt(width)); 1 otherwise. */
  readonly embeddingScale: number;
  /** Multiplies q·k; 1/sqrt(headWidth) unless the family says otherwise. */
  readonly attentionScale: number;
  /** The output projection is the token embedding. */
  readonly tiedHead: boolean;
  readonly contextLength: number;
}

/** The widths that decide how much work and memory a token takes. */
export type ModelShape = Pick<
  ModelConfig,
  "width" | "layers" | "feedForward" | "heads" | "kvHeads" | "headWidth"
>;

export interface TensorInfo {
  /** GGUF's name, e.g. `blk.0.attn_q.weight`. */
  readonly name: string;
  /** Row-major: [rows, columns] = [out, in] for a matrix, [n] for a vector. */
  readonly shape: readonly number[];
  /** Name of the ggml type on disk, e.g. `Q4_K`. */
  readonly encoding: string;
}

/**
 * A model's weights under GGUF's names and GGUF's conventions: the q and k rows of the Llama family are
 * in interleaved-rope order, and norm weights hold the full factor (Gemma's 1 + w already added).
 */
export interface Weights {
  readonly config: ModelConfig;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** All values as f32, row-major. */
  read(name: string): Float32Array;
  /** Chosen rows of a matrix as f32, shape [rows.length, columns]. */
  readRows(name: string, rows: Iterable<number>): Float32Array;
}

/** The projections of one layer that can carry an adapter, by GGUF's part name. */
export const adaptable = {
  q: "attn_q",
  k: "attn_k",
  v: "attn_v",
  o: "attn_output",
  gate: "ffn_gate",
  up: "ffn_up",
  down: "ffn_down",
} as const;
export type Projection = keyof typeof adaptable;

/** The low-rank pair of one matrix W [out, in]: W + (alpha / rank) B A. */
export interface AdapterPair {
  /** GGUF's name of the matrix it adds to. */
  readonly target: string;
  readonly out: number;
  readonly in: number;
  /** A [rank, in], row-major. */
  readonly a: Float32Array;
  /** B [out, rank], row-major, rows in GGUF's order. */
  readonly b: Float32Array;
}

export interface Adapter {
  readonly rank: number;
  readonly alpha: number;
  readonly modules: readonly Projection[];
  readonly pairs: readonly AdapterPair[];
}
