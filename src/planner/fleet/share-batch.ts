/** Seconds of a group's step as a line in its rounds: `start + rounds x perRound`. */
export interface RoundCost {
  readonly start: number;
  readonly perRound: number;
  /** Sequences of one round: its replicas times its micro-batch. */
  readonly sequences: number;
}

/**
 * Rounds of each group so that all sequences are taken and the slowest group ends as early as it can: each round goes
 * to the group that would end first with it. Undefined when the sequences do not divide so.
 */
export function shareBatch(
  groups: readonly RoundCost[],
  sequences: number,
): readonly number[] | undefined {
  const rounds = groups.map(() => 1);
  let left = sequences - groups.reduce((sum, group) => sum + group.sequences, 0);
  if (left < 0) return undefined;
  while (left > 0) {
    let best = -1;
    let bestTime = Number.POSITIVE_INFINITY;
    groups.forEach((group, index) => {
      const time = group.start + ((rounds[index] ?? 0) + 1) * group.perRound;
      if (group.sequences <= left && time < bestTime) [best, bestTime] = [index, time];
    });
    const taken = groups[best]?.sequences;
    if (taken === undefined) return undefined;
    rounds[best] = (rounds[best] ?? 0) + 1;
    left -= taken;
  }
  return rounds;
}
