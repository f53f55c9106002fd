import type { World } from "./world.ts";

/** What can be switched to make one's own transactions cheaper. */
export const levers = ["fine-tune", "density", "precision", "experts", "vocabulary"] as const;
export type Lever = (typeof levers)[number];

/** What one lever is worth, as factors on the cost of a transaction (below 1 is cheaper). */
export interface LeverWorth {
  readonly lever: Lever;
  /** Switched alone, and switched last. */
  readonly alone: number;
  readonly last: number;
  /** Its fair share: the mean over all orders of switching (Shapley 1953); all shares multiply to the whole. */
  readonly factor: number;
  /** Share of the logarithm of the whole. */
  readonly share: number;
}

/** USD of a million transactions of a model of one's own, making and running, with some levers on. */
export function leverCost(world: World, on: ReadonlySet<Lever>): number {
  const usdPerSecond = world.hour / 3_600;
  const rate = world.peak * 0.4;
  const dense = world.leverParameters / (on.has("density") ? world.leverDensity : 1);
  const experts = on.has("experts");
  const active = dense * (experts ? world.leverActive : 1);
  const total = dense * (experts ? world.leverTotal : 1);
  const bytes = (on.has("precision") ? world.leverBits : 16) / 8;
  const domain = on.has("vocabulary");
  const tokens = domain ? world.leverTokens : 1;
  const read = domain ? 1 - world.leverHead : 1;
  const trained = on.has("fine-tune") ? world.leverTune : world.leverPretrain;
  const making = ((6 * active * trained) / rate) * usdPerSecond;
  // A pass reads the weights that any token of its batch visits, once; prompts are bound by operations.
  const visited = Math.min(total, active * world.leverBatch) * bytes * read;
  const pass = visited / (0.6 * world.bandwidth) / world.leverBatch + (2 * active) / rate;
  const running =
    tokens * (world.input * ((2 * active) / rate) + world.output * pass) * usdPerSecond;
  return (making / world.transactions + running) * 1e6;
}

/** The worth of every lever in a world. */
export function leverWorths(world: World): readonly LeverWorth[] {
  const cost = (on: ReadonlySet<Lever>): number => Math.log(leverCost(world, on));
  const none = cost(new Set());
  const whole = cost(new Set(levers)) - none;
  return levers.map((lever) => {
    const others = levers.filter((other) => other !== lever);
    let mean = 0;
    for (const [subset, weight] of subsets(others)) {
      mean += weight * (cost(new Set([...subset, lever])) - cost(new Set(subset)));
    }
    return {
      lever,
      alone: Math.exp(cost(new Set([lever])) - none),
      last: Math.exp(cost(new Set(levers)) - cost(new Set(others))),
      factor: Math.exp(mean),
      share: mean / whole,
    };
  });
}

/** All subsets of n levers with Shapley's weight: k! (n - k)! / (n + 1)!. */
function subsets(others: readonly Lever[]): (readonly [readonly Lever[], number])[] {
  const n = others.length;
  return Array.from({ length: 2 ** n }, (_, mask) => {
    const subset = others.filter((_, bit) => (mask & (2 ** bit)) > 0);
    const k = subset.length;
    return [subset, (factorial(k) * factorial(n - k)) / factorial(n + 1)] as const;
  });
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
