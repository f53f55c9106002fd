import { existsSync, statSync } from "node:fs";
import { SampanError } from "../kernel/index.ts";

/**
 * The part of node-llama-cpp's native binding that Sampan drives by itself: its public classes batch
 * sequences of unlike lengths together, which changes the low bits of the logits, and hand out logits
 * through maps of the whole vocabulary. Version 3.22.1, `dist/bindings/AddonTypes.d.ts`.
 */
interface Binding {
  readonly AddonModel: new (path: string, options: object) => NativeModel;
  readonly AddonContext: new (model: NativeModel, options: object) => NativeContext;
  readonly AddonSampler: new (model: NativeModel) => NativeSampler;
  systemInfo(): string;
}

export interface NativeModel {
  init(): Promise<boolean>;
  dispose(): Promise<void>;
  tokenize(text: string, special: boolean): Uint32Array;
  detokenize(ids: Uint32Array, special: boolean): string;
  tokenBos(): number;
  tokenEos(): number;
  shouldPrependBosToken(): boolean;
  /** An id past the vocabulary aborts the process: callers check. */
  getTokenString(id: number): string;
  /** Bit set of llama.cpp's `llama_token_attr`; an id past the vocabulary aborts the process. */
  getTokenAttributes(id: number): number;
  /** llama.cpp's `llama_vocab_type`: 1 SentencePiece, 2 byte-level BPE. */
  getVocabularyType(): number;
  getMemoryBreakdown(): { readonly cpuRam: number; readonly gpuVram: number };
  getTrainContextSize(): number;
}

export interface NativeContext {
  init(): Promise<boolean>;
  dispose(): Promise<void>;
  setThreads(threads: number): void;
  initBatch(tokens: number): void;
  /** Returns, per wanted position, the index that `sampleToken` takes. */
  addToBatch(sequence: number, start: number, ids: Uint32Array, wanted: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  /** With `logits` true the fourth item lists id and logit in turns, highest first. */
  sampleToken(
    index: number,
    sampler: NativeSampler,
    probabilities: false,
    confidence: false,
    logits: true,
  ): Promise<readonly [unknown, unknown, unknown, readonly number[]]>;
  disposeSequence(sequence: number): void;
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
  copySequenceStateFromOtherSequence(target: number, source: number): Promise<number>;
  getMemoryBreakdown(): { readonly cpuRam: number; readonly gpuVram: number };
}

export interface NativeSampler {
  applyConfig(options: {
    readonly temperature: number;
    readonly topK?: number;
    readonly seed: number;
    readonly tokenBiasKeys?: Uint32Array;
    readonly tokenBiasValues?: Float32Array;
  }): void;
  dispose(): void;
}

/** llama.cpp, loaded once per process. */
export interface LlamaCpp {
  /** Release tag of the bundled llama.cpp. */
  readonly version: string;
  /** What the processor offers, as llama.cpp saw it when it chose its kernels. */
  readonly processor: string;
  loadModel(path: string, options: { readonly vocabularyOnly: boolean }): Promise<NativeModel>;
  createContext(model: NativeModel, options: ContextOptions): Promise<NativeContext>;
  createSampler(model: NativeModel): NativeSampler;
}

export interface ContextOptions {
  readonly threads: number;
  readonly sequences: number;
  /** Tokens of one sequence. */
  readonly contextTokens: number;
  /** Tokens of one evaluation, all sequences together. */
  readonly batchTokens: number;
}

let loaded: Promise<LlamaCpp> | undefined;

/** Loads llama.cpp's prebuilt library for this platform; never downloads or builds one. */
export function loadLlamaCpp(): Promise<LlamaCpp> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<LlamaCpp> {
  const package_ = await import("node-llama-cpp").catch((cause: unknown) => {
    throw missing(cause);
  });
  const llama = await package_
    .getLlama({
      gpu: false,
      build: "never",
      usePrebuiltBinaries: true,
      skipDownload: true,
      progressLogs: false,
      logLevel: package_.LlamaLogLevel.disabled,
      logger: () => {},
    })
    .catch((cause: unknown) => {
      throw missing(cause);
    });
  // Boundary to the package's internals: the binding's shape is fixed by the pinned version.
  const binding = (llama as unknown as { readonly _bindings: Binding })._bindings;
  return {
    version: llama.llamaCppRelease.release,
    processor: llama.systemInfo.trim(),
    loadModel: (path, options) => loadModel(binding, path, options.vocabularyOnly),
    createContext: (model, options) => createContext(binding, model, options),
    createSampler: (model) => new binding.AddonSampler(model),
  };
}

async function loadModel(binding: Binding, path: string, vocabOnly: boolean): Promise<NativeModel> {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new SampanError("not-found", `${path}: no such model file`, {
      hint: "Check the path, or run the build that writes it.",
    });
  }
  const model = new binding.AddonModel(path, { vocabOnly, useMmap: true, gpuLayers: 0 });
  const ready = await model.init().catch(() => false);
  if (ready) return model;
  await model.dispose();
  throw new SampanError("format-corrupt", `${path}: llama.cpp cannot load this file`, {
    hint: "Fetch or build the file again; `sampan verify` tells whether its bytes are the promised ones.",
  });
}

async function createContext(
  binding: Binding,
  model: NativeModel,
  options: ContextOptions,
): Promise<NativeContext> {
  const context = new binding.AddonContext(model, {
    contextSize: options.contextTokens * options.sequences,
    batchSize: options.batchTokens,
    sequences: options.sequences,
    threads: options.threads,
    // Flash attention's sums depend on what else is in the batch; the plain path's do not.
    flashAttention: false,
    // A windowed cache forgets cells that a shorter continuation needs again.
    swaFullCache: true,
  });
  const ready = await context.init().catch(() => false);
  if (ready) return context;
  await context.dispose();
  throw new SampanError(
    "memory-short",
    `no memory for ${options.sequences} sequences of ${options.contextTokens} tokens`,
    { hint: "Ask for fewer sequences or a shorter context, or free memory." },
  );
}

function missing(cause: unknown): SampanError {
  return new SampanError("dependency-missing", "llama.cpp's library could not be loaded", {
    hint: "Run `npm install node-llama-cpp@3.22.1` with optional packages for this platform.",
    cause,
  });
}
