import { SampanError } from "../../kernel/index.ts";
import type { Family, ModelConfig } from "../../schema/index.ts";
import { corrupt } from "../corrupt.ts";
import { numberAt, textAt } from "./lookup.ts";
import type { GgufFile } from "./open.ts";

const families: readonly Family[] = ["llama", "qwen2", "qwen3", "gemma3"];

/** Gemma 3's local layers. Source: llama.cpp, src/models/gemma3.cpp (period 6, rope base 10,000). */
const gemmaGlobalEvery = 6;
const gemmaLocalRopeBase = 10_000;
/** Gemma 3 27B scales queries by its width; told by its layer count, as llama.cpp does. */
const gemma27BLayers = 62;

/** Refuses a model that Sampan cannot compute, by name. */
export function unsupported(file: string, what: string): SampanError {
  return new SampanError("base-unsupported", `${file}: ${what}`, {
    hint: "Supported are dense Llama (SmolLM2, Mistral), Qwen 2 and 2.5, Qwen 3 and Gemma 3 text models.",
  });
}

/**
 * What the metadata of a GGUF says about the model's shape. Keys: the GGUF specification; defaults as in
 * llama.cpp's hyper-parameter loading. `base-unsupported` for other families and variants.
 */
export function readModelConfig(file: GgufFile): ModelConfig {
  const family = readFamily(file);
  const read = metadataReader(file, family);
  const width = read.positive("embedding_length");
  const heads = read.positive("attention.head_count");
  const headWidth = read.optional("attention.key_length") ?? width / heads;
  if (!Number.isInteger(headWidth) || headWidth % 2 !== 0) {
    throw corrupt(file.name, 0, `the width of an attention head would be ${headWidth}`);
  }
  const kvHeads = read.optional("attention.head_count_kv") ?? heads;
  if (!Number.isInteger(heads / kvHeads)) {
    throw corrupt(file.name, 0, `${heads} query heads cannot share ${kvHeads} key heads`);
  }
  const layers = read.positive("block_count");
  const scaling = readRopeScaling(file, family);
  const factors = readFrequencyFactors(file, headWidth);
  refuseVariants(file, family, headWidth);
  return {
    family,
    vocabulary: file.tensors.get("token_embd.weight")?.shape[0] ?? 0,
    width,
    layers,
    feedForward: read.positive("feed_forward_length"),
    heads,
    kvHeads,
    headWidth,
    normEpsilon: read.real("attention.layer_norm_rms_epsilon"),
    ropeBase: read.optional("rope.freq_base") ?? 10_000,
    ropePairing: family === "llama" ? "interleaved" : "halves",
    ...(factors === undefined ? {} : { ropeFrequencyFactors: factors }),
    ...(scaling === undefined ? {} : { ropeLinearFactor: scaling }),
    ...(family === "gemma3" ? { localAttention: readLocalAttention(file, family) } : {}),
    attentionBias: file.tensors.has("blk.0.attn_q.bias"),
    headNorm: family === "qwen3" || family === "gemma3",
    sandwichNorm: family === "gemma3",
    activation: family === "gemma3" ? "gelu-tanh" : "silu",
    embeddingScale: family === "gemma3" ? Math.sqrt(width) : 1,
    attentionScale:
      family === "gemma3" && layers === gemma27BLayers
        ? 1 / Math.sqrt(width / heads)
        : 1 / Math.sqrt(headWidth),
    tiedHead: !file.tensors.has("output.weight"),
    contextLength: read.positive("context_length"),
  };
}

function readFamily(file: GgufFile): Family {
  const architecture = textAt(file.metadata, "general.architecture");
  const family = families.find((known) => known === architecture);
  if (family !== undefined) return family;
  throw unsupported(
    file.name,
    architecture === undefined
      ? "the file names no architecture (general.architecture)"
      : `the architecture "${architecture}" is not supported`,
  );
}

function metadataReader(file: GgufFile, family: Family) {
  const optional = (key: string): number | undefined => {
    if (!file.metadata.has(`${family}.${key}`)) return undefined;
    const value = numberAt(file.metadata, `${family}.${key}`);
    if (value !== undefined && Number.isFinite(value) && value > 0) return value;
    throw corrupt(file.name, 0, `${family}.${key} is ${value ?? "no number"}`);
  };
  const real = (key: string): number => {
    const value = optional(key);
    if (value === undefined) throw corrupt(file.name, 0, `${family}.${key} is missing`);
    return value;
  };
  const positive = (key: string): number => {
    const value = real(key);
    // Bounds what is allocated later from these numbers; the largest real ones are far below.
    if (Number.isInteger(value) && value <= 2 ** 26) return value;
    throw corrupt(file.name, 0, `${family}.${key} is ${value}`);
  };
  return { optional, real, positive };
}

function readRopeScaling(file: GgufFile, family: Family): number | undefined {
  const type = textAt(file.metadata, `${family}.rope.scaling.type`);
  const factor =
    numberAt(file.metadata, `${family}.rope.scaling.factor`) ??
    numberAt(file.metadata, `${family}.rope.scale_linear`);
  if (type === "none" || factor === undefined || factor === 1 || factor === 0) return undefined;
  if (!(factor > 0)) throw corrupt(file.name, 0, `the rope scaling factor is ${factor}`);
  if (type === undefined || type === "linear") return factor;
  throw unsupported(file.name, `rope scaling of type "${type}" is not supported`);
}

/** Llama 3's scaling, as the tensor of divisors that llama.cpp's converter writes. */
function readFrequencyFactors(file: GgufFile, headWidth: number): number[] | undefined {
  const tensor = file.tensors.get("rope_freqs.weight");
  if (tensor === undefined) return undefined;
  if (tensor.encoding !== "F32" || tensor.shape.length !== 1 || tensor.shape[0] !== headWidth / 2) {
    throw corrupt(file.name, tensor.offset, `rope_freqs.weight is not ${headWidth / 2} F32 values`);
  }
  const raw = new Uint8Array(file.readRaw("rope_freqs.weight"));
  const divisors = new Float32Array(raw.buffer, 0, headWidth / 2);
  if (!divisors.every((divisor) => divisor > 0 && divisor < Number.POSITIVE_INFINITY)) {
    throw corrupt(file.name, tensor.offset, "rope_freqs.weight holds a divisor that is none");
  }
  return Array.from(divisors, (divisor) => 1 / divisor);
}

function readLocalAttention(file: GgufFile, family: Family) {
  const key = (name: string): number | undefined => numberAt(file.metadata, `${family}.${name}`);
  const window = key("attention.sliding_window");
  if (window === undefined || !Number.isInteger(window) || window < 1) {
    throw corrupt(file.name, 0, `${family}.attention.sliding_window is ${window ?? "missing"}`);
  }
  return {
    window,
    ropeBase: key("rope.freq_base_swa") ?? gemmaLocalRopeBase,
    globalEvery: readGlobalEvery(file, `${family}.attention.sliding_window_pattern`),
  };
}

/** The period as a number, or as llama.cpp may write it: one flag per layer, true for local ones. */
function readGlobalEvery(file: GgufFile, key: string): number {
  const entry = file.metadata.get(key);
  if (entry?.kind !== "array") {
    const period = numberAt(file.metadata, key) ?? gemmaGlobalEvery;
    if (Number.isInteger(period) && period > 0) return period;
    throw corrupt(file.name, 0, `${key} is ${period}`);
  }
  const isLocal: boolean[] = [];
  for (let i = 0; i < entry.value.length; i++) isLocal.push(Boolean(entry.value[i]));
  const every = isLocal.indexOf(false) + 1;
  if (every > 0 && isLocal.every((local, i) => local === ((i + 1) % every !== 0))) return every;
  throw unsupported(file.name, "local and global attention layers without a period");
}

function refuseVariants(file: GgufFile, family: Family, headWidth: number): void {
  const key = (name: string): number | undefined => numberAt(file.metadata, `${family}.${name}`);
  if ((key("expert_count") ?? 0) > 0) throw unsupported(file.name, "mixtures of experts");
  if ((key("rope.dimension_count") ?? headWidth) !== headWidth) {
    throw unsupported(file.name, "rotary embeddings over a part of the head only");
  }
  if ((key("attention.value_length") ?? headWidth) !== headWidth) {
    throw unsupported(file.name, "values whose head width differs from the keys'");
  }
  for (const name of ["attn_logit_softcapping", "final_logit_softcapping"]) {
    if ((key(name) ?? 0) !== 0) throw unsupported(file.name, `capped logits (${name})`);
  }
}
