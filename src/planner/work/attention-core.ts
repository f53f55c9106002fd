import type { Attention } from "../../schema/index.ts";

/** Mean number of keys that a query of a causal sequence sees, with a window if there is one. */
export function meanKeys(sequence: number, window?: number): number {
  if (window === undefined || window >= sequence) return (sequence + 1) / 2;
  // The first `window` queries see 1..window keys, the others all of the window.
  return (window * (window + 1)) / 2 / sequence + (window * (sequence - window)) / sequence;
}

/**
 * Forward operations per token of scores and weighted values: 2 per key for each channel of query and of value.
 * `keys` is the mean number of keys seen, or the whole sequence by conventions that do not halve the causal mask.
 */
export function coreFlops(attention: Attention, keys: number): number {
  switch (attention.kind) {
    case "none":
      return 0;
    case "recurrent":
      return attention.scanFlops;
    case "grouped":
      return 4 * attention.heads * attention.headWidth * keys;
    case "latent": {
      const { heads, nopeWidth, ropeWidth, valueWidth, indexer } = attention;
      const seen = indexer === undefined ? keys : Math.min(keys, indexer.topK);
      const index = indexer === undefined ? 0 : 2 * indexer.heads * indexer.headWidth * keys;
      return 2 * heads * (nopeWidth + ropeWidth + valueWidth) * seen + index;
    }
  }
}

/** The window of an attention, where it has one. */
export function windowOf(attention: Attention): number | undefined {
  return attention.kind === "grouped" ? attention.window : undefined;
}

/** Query heads of an attention; 0 where there are none. */
export function headsOf(attention: Attention): number {
  return attention.kind === "grouped" || attention.kind === "latent" ? attention.heads : 0;
}
