import type { ModelFileConfig, RopeSettings } from "./config-file.ts";
import { refuse } from "./config-file.ts";
import type { ModelFolder } from "./folder.ts";

/** Rotary settings of a config.json in one form, from its older and its newer keys. */
export interface Rope {
  readonly base: number;
  /** Gemma 3's base for local layers. */
  readonly localBase: number;
  readonly linearFactor: number | undefined;
  /** Llama 3's divisors of each frequency, length headWidth / 2. */
  readonly divisors: Float32Array | undefined;
}

/** `base-unsupported` names a kind of scaling that is not linear or Llama 3's. */
export function readRope(folder: ModelFolder, config: ModelFileConfig, headWidth: number): Rope {
  const both = config.rope_parameters ?? undefined;
  const perKind = both !== undefined && isPerKind(both) ? both : undefined;
  const plain = both === undefined || isPerKind(both) ? undefined : both;
  const settings: RopeSettings = perKind?.full_attention ?? plain ?? config.rope_scaling ?? {};
  const isGemma = config.model_type === "gemma3_text";
  const base = settings.rope_theta ?? config.rope_theta ?? (isGemma ? 1_000_000 : 10_000);
  const localBase = perKind?.sliding_attention.rope_theta ?? config.rope_local_base_freq ?? 10_000;
  const type = settings.rope_type ?? settings.type ?? "default";
  switch (type) {
    case "default":
      return { base, localBase, linearFactor: undefined, divisors: undefined };
    case "linear":
      return { base, localBase, linearFactor: settings.factor, divisors: undefined };
    case "llama3": {
      const divisors = llama3Divisors(settings, base, headWidth, config.max_position_embeddings);
      return { base, localBase, linearFactor: undefined, divisors };
    }
    default:
      throw refuse(folder, `rope scaling of type "${type}"`);
  }
}

type PerKind = Extract<
  NonNullable<ModelFileConfig["rope_parameters"]>,
  { full_attention: RopeSettings; sliding_attention: RopeSettings }
>;

function isPerKind(value: NonNullable<ModelFileConfig["rope_parameters"]>): value is PerKind {
  return "full_attention" in value && "sliding_attention" in value;
}

/**
 * Llama 3.1's scaling: long wavelengths are divided by `factor`, short ones kept, those between blended.
 * Source: the reference implementation's rope_type "llama3"; defaults as in llama.cpp's converter.
 */
function llama3Divisors(
  settings: RopeSettings,
  base: number,
  headWidth: number,
  contextLength: number,
): Float32Array {
  const factor = settings.factor ?? 8;
  const low = settings.low_freq_factor ?? 1;
  const high = settings.high_freq_factor ?? 4;
  const original = settings.original_max_position_embeddings ?? Math.min(8192, contextLength);
  return Float32Array.from({ length: headWidth / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * base ** ((2 * i) / headWidth);
    if (wavelength < original / high) return 1;
    if (wavelength > original / low) return factor;
    const smooth = (original / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}
