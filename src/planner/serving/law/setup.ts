import type { Architecture } from "../../../schema/index.ts";
import type { Chip } from "../../chip.ts";
import type { Fabric } from "../../wires/fabric.ts";
import type { CacheFormatName, WeightFormatName } from "./formats.ts";

/** One way to serve one model on identical chips. */
export interface ServingSetup {
  readonly model: Architecture;
  readonly chip: Chip;
  readonly fabric: Fabric;
  readonly weights: WeightFormatName;
  readonly cache: CacheFormatName;
  /** Ranks that cut each attention and dense product. */
  readonly tensor: number;
  readonly pipeline: number;
  /** Attention replicas that share the experts (attention data parallelism); 1 when all layers are cut alike. */
  readonly attentionData: number;
  /** Experts are dealt out whole over the ranks rather than each cut. */
  readonly expertParallel: boolean;
  /** Tokens that one pass may hold, and sequences that run at once, per replica. */
  readonly passTokens: number;
  readonly maxSequences: number;
  /** Share of a chip's memory that weights and cache may take. */
  readonly memoryShare: number;
}

/** Chips of one replica. */
export function replicaChips({ tensor, pipeline, attentionData }: ServingSetup): number {
  return tensor * pipeline * attentionData;
}
