import type { ModelConfig } from "../../schema/index.ts";
import type { GraphBuilder, Tensor } from "../graph/builder.ts";
import type { RotaryTables } from "../graph/rotary.ts";

/** Whether a layer sees a window only (Gemma 3: all but each `globalEvery`-th). */
export function isLocal(config: ModelConfig, layer: number): boolean {
  const { localAttention } = config;
  return localAttention !== undefined && (layer + 1) % localAttention.globalEvery !== 0;
}

/** Cosines and sines of positions 0 to length - 1 for the layers of one kind, as graph constants. */
export function rotaryTables(
  graph: GraphBuilder,
  config: ModelConfig,
  local: boolean,
  length: number,
  positions: Tensor,
): RotaryTables {
  const half = config.headWidth / 2;
  const cosine = new Float32Array(length * half);
  const sine = new Float32Array(length * half);
  const frequencies = rotaryFrequencies(config, local);
  for (let position = 0; position < length; position++) {
    frequencies.forEach((frequency, channel) => {
      const angle = position * frequency;
      cosine[position * half + channel] = Math.cos(angle);
      sine[position * half + channel] = Math.sin(angle);
    });
  }
  const name = local ? "rope.local" : "rope";
  const table = (part: string, values: Float32Array) =>
    graph.floats(`${name}.${part}`, values, [length, half]);
  return {
    cosine: table("cosine", cosine),
    sine: table("sine", sine),
    negatedSine: table(
      "negated-sine",
      sine.map((value) => -value),
    ),
    pairing: config.ropePairing,
    positions,
    length,
  };
}

/** Radians per position of each channel pair: base^(-2 i / headWidth), with the family's scalings. */
export function rotaryFrequencies(config: ModelConfig, local: boolean): readonly number[] {
  const base = local ? (config.localAttention?.ropeBase ?? config.ropeBase) : config.ropeBase;
  const linear = local ? 1 : (config.ropeLinearFactor ?? 1);
  return Array.from({ length: config.headWidth / 2 }, (_, channel) => {
    const factor = local ? 1 : (config.ropeFrequencyFactors?.[channel] ?? 1);
    return (base ** ((-2 * channel) / config.headWidth) * factor) / linear;
  });
}
