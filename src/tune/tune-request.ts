import type { Adapter, Projection, TuneSettings, Weights } from "../schema/index.ts";

/** One record as token ids; the answer ends with the end-of-text token. */
export interface TuneExample {
  readonly id: string;
  readonly prompt: readonly number[];
  readonly answer: readonly number[];
  /**
   * Places of the answer that are judged, each against the tokens that could stand there instead (itself
   * included; undefined for all allowed ones). Left out: every place, against all allowed tokens.
   */
  readonly decisions?: readonly {
    readonly at: number;
    readonly among: readonly number[] | undefined;
  }[];
}

/** How many tokens of an example its loss spans. */
export function judgedTokens({ answer, decisions }: TuneExample): number {
  return decisions?.length ?? answer.length;
}

/** How products with frozen matrices are computed: in 32-bit floats, or in 8-bit integers. */
export type Arithmetic = "f32" | "int8";

/** Settings with every member chosen. */
export interface ResolvedTuneSettings {
  readonly rank: number;
  readonly alpha: number;
  readonly modules: readonly Projection[];
  readonly learningRate: number;
  readonly epochs: number;
  /** Tokens per optimizer step. */
  readonly batchTokens: number;
  /** Share of all steps during which the rate rises to its peak. */
  readonly warmup: number;
  readonly weightDecay: number;
  /** Largest norm of the whole gradient. */
  readonly clip: number;
  /** Training records used. */
  readonly records: number;
  readonly loss: "decisions" | "tokens";
  readonly arithmetic: Arithmetic;
}

export interface TuneProgress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  /** Mean loss per judged token of this step, in nats. */
  readonly loss: number;
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
  /** Mean loss on validation, where it was just measured. */
  readonly validation?: number;
}

export interface TuneRequest {
  readonly weights: Weights;
  readonly weightsDigest: string;
  readonly train: readonly TuneExample[];
  readonly validation: readonly TuneExample[];
  /** Token ids that an answer may use; undefined for every row of the head. */
  readonly allowed: readonly number[] | undefined;
  readonly settings: TuneSettings;
  readonly seed: number;
  readonly threads: number;
  /** For caches and checkpoints. */
  readonly workFolder: string;
  /** The checkpoint stays when tuning is done: for a caller that removes it once the result is safe. */
  readonly keepCheckpoint?: boolean;
  /** Milliseconds. */
  readonly clock: () => number;
  readonly onProgress?: (progress: TuneProgress) => void;
  /** Stops after the running step, with a checkpoint, by the error `interrupted`. */
  readonly signal?: AbortSignal;
  /** ONNX Runtime's execution provider, `cpu` by default. */
  readonly provider?: string;
}

export interface LossPoint {
  readonly step: number;
  /** Training tokens seen so far. */
  readonly tokens: number;
  readonly train: number;
  readonly validation?: number;
}

export interface TuneResult {
  /** The adapter that was best on validation; the last one where there is no validation. */
  readonly adapter: Adapter;
  readonly settings: ResolvedTuneSettings;
  /** Why each setting has its value. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly losses: readonly LossPoint[];
  readonly stoppedEarly: boolean;
  readonly trainedTokens: number;
  readonly seconds: number;
}
