/** How a long job is cut by failures, in seconds. */
export interface Interruptions {
  /** Mean time between two interruptions of the job. */
  readonly between: number;
  /** Time in which a checkpoint stops the job. */
  readonly checkpoint: number;
  /** From the stop to the first new step. */
  readonly restart: number;
}

/** Mean seconds between interruptions of a job: failures of accelerators are independent, so their rates add. */
export function meanTimeBetween(perThousandDays: number, accelerators: number): number {
  return (86_400 * 1_000) / (perThousandDays * accelerators);
}

/** Seconds of a checkpoint of `bytes` that each of `nodes` writes its share of. */
export function checkpointSeconds(bytes: number, nodes: number, bytesPerSecond: number): number {
  return bytes / (nodes * bytesPerSecond);
}

/** Best time between checkpoints to first order: sqrt(2 delta M) (Young 1974, CACM 17(9), equation 7). */
export function youngInterval({ between, checkpoint }: Interruptions): number {
  return Math.sqrt(2 * checkpoint * between);
}

/**
 * Best time between checkpoints to higher order: sqrt(2 d M) (1 + sqrt(d / 2 M) / 3 + (d / 2 M) / 9) - d for
 * d < 2 M, else M (Daly 2006, Future Generation Computer Systems 22(3), equation 37).
 */
export function dalyInterval(cuts: Interruptions): number {
  const { between, checkpoint } = cuts;
  if (checkpoint >= 2 * between) return between;
  const ratio = checkpoint / (2 * between);
  return youngInterval(cuts) * (1 + Math.sqrt(ratio) / 3 + ratio / 9) - checkpoint;
}

/**
 * Expected wall time over time of work when checkpoints come every `interval` seconds of work:
 * M e^(R/M) (e^((t + d)/M) - 1) / t, for exponential times between failures (Daly 2006, equation 20).
 */
export function stretch({ between, checkpoint, restart }: Interruptions, interval: number): number {
  const exponent = (interval + checkpoint) / between;
  return (between * Math.exp(restart / between) * Math.expm1(exponent)) / interval;
}
