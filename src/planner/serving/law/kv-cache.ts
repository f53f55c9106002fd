import type { Attention } from "../../../schema/index.ts";
import { windowOf } from "../../work/attention-core.ts";
import { cacheBytes } from "./formats.ts";
import type { ServingSetup } from "./setup.ts";

/** Cache of one kind of layer on one rank. */
export interface CacheGroup {
  /** Bytes that one cached token takes in all layers of the kind together. */
  readonly perToken: number;
  /** Tokens that are kept at most; Infinity without a window. */
  readonly window: number;
  /** Bytes per sequence whatever its length: the state of recurrent mixers. */
  readonly fixed: number;
  /** Share of the cached tokens that one decode step reads beyond the first `readAll` ones: 0 with a sparse indexer. */
  readonly readAtMost: number;
}

/** The cache of a rank, one group per kind of layer. */
export function cacheGroups(setup: ServingSetup): readonly CacheGroup[] {
  const { model, tensor, pipeline } = setup;
  return model.groups.map(({ attention, count }) => {
    const layers = count / pipeline;
    return {
      perToken: layers * tokenBytes(attention, tensor, setup),
      window: windowOf(attention) ?? Number.POSITIVE_INFINITY,
      fixed: attention.kind === "recurrent" ? (layers * attention.state * 4) / tensor : 0,
      readAtMost:
        attention.kind === "latent" && attention.indexer !== undefined
          ? attention.indexer.topK
          : Number.POSITIVE_INFINITY,
    };
  });
}

/** Bytes of one token in one layer: keys and values of the rank's heads, or the latent, which every rank keeps whole. */
function tokenBytes(attention: Attention, tensor: number, { cache }: ServingSetup): number {
  const bytes = cacheBytes(cache);
  switch (attention.kind) {
    case "grouped":
      return 2 * Math.max(1, attention.kvHeads / tensor) * attention.headWidth * bytes;
    case "latent":
      return (attention.kvRank + attention.ropeWidth) * bytes;
    case "recurrent":
    case "none":
      return 0;
  }
}

/** Bytes that a sequence of `tokens` holds on one rank. */
export function sequenceBytes(groups: readonly CacheGroup[], tokens: number): number {
  let total = 0;
  for (const { perToken, window, fixed } of groups)
    total += perToken * Math.min(tokens, window) + fixed;
  return total;
}

/** Bytes that one decode step reads (or, for a state, reads and writes) of such a sequence on one rank. */
export function readBytes(groups: readonly CacheGroup[], tokens: number): number {
  let total = 0;
  for (const { perToken, window, fixed, readAtMost } of groups) {
    total += perToken * Math.min(tokens, window, readAtMost) + 2 * fixed;
  }
  return total;
}
