import type { Family } from "../../schema/index.ts";
import type { GgufValue } from "../gguf/value.ts";
import { refuse, type ModelFileConfig } from "./config-file.ts";
import type { ModelFolder } from "./folder.ts";
import type { Rope } from "./rope.ts";

/** llama.cpp's number of "mostly F16". Source: enum llama_ftype. */
const mostlyF16 = 1;
/** Every sixth layer of Gemma 3 sees everything; told in the file only where it differs. */
const usualGlobalEvery = 6;

/** Width of one attention head. */
export function headWidthOf(config: ModelFileConfig): number {
  return config.head_dim ?? config.hidden_size / config.num_attention_heads;
}

/** The model's shape as GGUF metadata, under the keys that llama.cpp reads. */
export function configMetadata(
  folder: ModelFolder,
  family: Family,
  config: ModelFileConfig,
  rope: Rope,
): Map<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  const text = (key: string, value: string) => metadata.set(key, { kind: "text", value });
  const u32 = (key: string, value: number) => metadata.set(key, { kind: "u32", value });
  const f32 = (key: string, value: number) => metadata.set(key, { kind: "f32", value });
  const headWidth = headWidthOf(config);
  text("general.architecture", family);
  text("general.type", "model");
  text("general.name", folder.name.split(/[\\/]/).findLast((part) => part !== "") ?? family);
  const licence = statedLicence(folder);
  if (licence !== undefined) text("general.license", licence);
  u32(`${family}.block_count`, config.num_hidden_layers);
  u32(`${family}.context_length`, contextLength(family, config));
  u32(`${family}.embedding_length`, config.hidden_size);
  u32(`${family}.feed_forward_length`, config.intermediate_size);
  u32(`${family}.attention.head_count`, config.num_attention_heads);
  u32(
    `${family}.attention.head_count_kv`,
    config.num_key_value_heads ?? config.num_attention_heads,
  );
  u32(`${family}.attention.key_length`, headWidth);
  u32(`${family}.attention.value_length`, headWidth);
  f32(`${family}.attention.layer_norm_rms_epsilon`, config.rms_norm_eps);
  f32(`${family}.rope.freq_base`, rope.base);
  if (family === "llama") u32("llama.rope.dimension_count", headWidth);
  if (rope.linearFactor !== undefined) {
    text(`${family}.rope.scaling.type`, "linear");
    f32(`${family}.rope.scaling.factor`, rope.linearFactor);
  }
  if (family === "gemma3") addLocalAttention(folder, config, rope, headWidth, metadata);
  u32(`${family}.vocab_size`, config.vocab_size);
  u32("general.file_type", mostlyF16);
  u32("general.quantization_version", 2);
  return metadata;
}

/** Mistral's window is not computed by llama.cpp's llama graph: texts up to the window are exact. */
function contextLength(family: Family, config: ModelFileConfig): number {
  const window = config.sliding_window ?? undefined;
  if (family !== "llama" || window === undefined) return config.max_position_embeddings;
  return Math.min(window, config.max_position_embeddings);
}

function addLocalAttention(
  folder: ModelFolder,
  config: ModelFileConfig,
  rope: Rope,
  headWidth: number,
  metadata: Map<string, GgufValue>,
): void {
  const window = config.sliding_window ?? 4096;
  const every = globalEvery(folder, config);
  const scalar = config.query_pre_attn_scalar ?? headWidth;
  // llama.cpp knows two query scales: by the head's width, and by width / heads in the 27B.
  const is27B = config.num_hidden_layers === 62;
  if (scalar !== (is27B ? config.hidden_size / config.num_attention_heads : headWidth)) {
    throw refuse(folder, `query_pre_attn_scalar ${scalar}`);
  }
  metadata.set("gemma3.attention.sliding_window", { kind: "u32", value: window });
  if (every !== usualGlobalEvery) {
    metadata.set("gemma3.attention.sliding_window_pattern", { kind: "u32", value: every });
  }
  if (rope.localBase !== 10_000) {
    metadata.set("gemma3.rope.freq_base_swa", { kind: "f32", value: rope.localBase });
  }
}

function globalEvery(folder: ModelFolder, config: ModelFileConfig): number {
  const types = config.layer_types ?? undefined;
  if (types === undefined) return config.sliding_window_pattern ?? usualGlobalEvery;
  const first = types.indexOf("full_attention");
  const every = first === -1 ? Math.max(usualGlobalEvery, types.length + 1) : first + 1;
  const periodic = types.every(
    (type, i) => type === ((i + 1) % every === 0 ? "full_attention" : "sliding_attention"),
  );
  if (periodic && types.length === config.num_hidden_layers) return every;
  throw refuse(folder, "layer_types without a period");
}

/** The licence that the model card's front matter states. */
function statedLicence(folder: ModelFolder): string | undefined {
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(folder.text("README.md") ?? "")?.[1];
  return /^license:\s*["']?([A-Za-z0-9._-]+)/m.exec(front ?? "")?.[1];
}
