import { sequenceBytes } from "./kv-cache.ts";
import type { PassWork } from "./pass-work.ts";

/** Libraries, graphs and workspace of one rank: a prior; serving engines reserve 1 to 4 GB. */
const reserved = 2e9;

/** Bytes that one rank has for the KV cache; 0 when the weights alone do not fit. */
export function cacheRoom({ setup, weightBytes }: PassWork): number {
  const workspace = setup.passTokens * setup.model.width * 16;
  const room = setup.chip.memory * setup.memoryShare - weightBytes - reserved - workspace;
  // Engines that run with less shrink their workspace first; a run that was published did run.
  return Math.max(room, weightBytes < setup.chip.memory ? 0.03 * setup.chip.memory : 0);
}

/** Whether the weights leave room for a cache at all. */
export function weightsFit({ setup, weightBytes }: PassWork): boolean {
  return weightBytes < setup.chip.memory;
}

/** Sequences of `tokens` cached tokens that one replica holds at once. */
export function sequencesAtOnce(pass: PassWork, tokens: number): number {
  const { setup } = pass;
  const each = sequenceBytes(pass.cache, tokens);
  const room = Math.max(0, cacheRoom(pass));
  const fitting = each === 0 ? Number.POSITIVE_INFINITY : (room / each) * setup.attentionData;
  return Math.min(fitting, setup.maxSequences * setup.attentionData);
}
