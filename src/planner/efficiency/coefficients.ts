/** A number that physics leaves open: fitted in log space around a prior, never negative. */
export interface CoefficientSpec {
  /** Median of the prior. */
  readonly prior: number;
  /** Standard deviation of its logarithm: 0.2 is about 20 %. */
  readonly spread: number;
  readonly unit: string;
  readonly about: string;
}

/** Every coefficient of a training step. Priors are what large kernels and links usually reach. */
export const coefficientSpecs = {
  product: {
    prior: 0.75,
    spread: 0.1,
    unit: "share",
    about: "of the 16-bit peak that large matrix products reach",
  },
  product8: {
    prior: 0.68,
    spread: 0.15,
    unit: "share",
    about: "of the 8-bit peak that large matrix products reach",
  },
  product4: {
    prior: 0.55,
    spread: 0.2,
    unit: "share",
    about: "of the 4-bit peak that large matrix products reach",
  },
  grouped: {
    prior: 0.8,
    spread: 0.2,
    unit: "factor",
    about: "on the above for products of many experts at once",
  },
  attention: {
    prior: 0.5,
    spread: 0.2,
    unit: "share",
    about: "of the 16-bit peak that fused attention reaches",
  },
  memory: {
    prior: 0.8,
    spread: 0.1,
    unit: "share",
    about: "of memory bandwidth that streaming kernels reach",
  },
  passes: {
    prior: 1,
    spread: 0.3,
    unit: "factor",
    about: "on bytes moved by norms, residuals and activations",
  },
  reuse: { prior: 1, spread: 0.4, unit: "factor", about: "on bytes moved by matrix products" },
  cast: {
    prior: 1,
    spread: 0.4,
    unit: "factor",
    about: "on bytes moved to scale and cast to 8 or 4 bits",
  },
  scores: {
    prior: 1,
    spread: 0.3,
    unit: "factor",
    about: "on bytes of scores that unfused attention moves",
  },
  permute: {
    prior: 1,
    spread: 0.4,
    unit: "factor",
    about: "on bytes moved to sort tokens by expert",
  },
  launch: { prior: 6e-6, spread: 0.4, unit: "s", about: "per kernel: launch, ramp and tail" },
  expertFixed: {
    prior: 2e-4,
    spread: 0.6,
    unit: "s",
    about: "per expert layer and pass: routing, counts to the host",
  },
  imbalance: {
    prior: 1.08,
    spread: 0.05,
    unit: "factor",
    about: "on expert work when routing is not forced to balance",
  },
  wireUp: {
    prior: 1,
    spread: 0.2,
    unit: "factor",
    about: "on the link's own efficiency inside a node",
  },
  wireOut: {
    prior: 0.8,
    spread: 0.3,
    unit: "factor",
    about: "on the link's own efficiency between nodes",
  },
  exposeTensor: {
    prior: 0.7,
    spread: 0.3,
    unit: "share",
    about: "of tensor-parallel messages that no work hides",
  },
  exposeContext: {
    prior: 0.4,
    spread: 0.4,
    unit: "share",
    about: "of context-parallel messages that no work hides",
  },
  exposeExpert: {
    prior: 0.7,
    spread: 0.3,
    unit: "share",
    about: "of expert all-to-alls that no work hides",
  },
  exposePipeline: {
    prior: 0.5,
    spread: 0.4,
    unit: "share",
    about: "of pipeline messages that no work hides",
  },
  exposeData: {
    prior: 0.4,
    spread: 0.4,
    unit: "share",
    about: "of gradient and weight messages that no work hides",
  },
  stage: {
    prior: 2e-4,
    spread: 0.6,
    unit: "s",
    about: "per micro-batch and chunk: scheduling, sends and receives",
  },
  stepFixed: {
    prior: 0.03,
    spread: 0.6,
    unit: "s",
    about: "per optimizer step: gradient norm, logging, data",
  },
  straggle: {
    prior: 0.01,
    spread: 0.6,
    unit: "share",
    about: "longer per doubling of nodes: the slowest sets the pace",
  },
} as const satisfies Readonly<Record<string, CoefficientSpec>>;

export type CoefficientName = keyof typeof coefficientSpecs;
export type Coefficients = Readonly<Record<CoefficientName, number>>;

export const coefficientNames = Object.keys(coefficientSpecs) as readonly CoefficientName[];

/**
 * What may move a coefficient away from the general one, from general to special. Each is a factor with prior 1:
 * with no rows to tell otherwise it stays 1 and its spread goes into the interval.
 */
export const effectSpreads = {
  /** A chip family's products, e.g. `product@hopper`. */
  family: 0.12,
  /** All of a chip's work, e.g. `work@h100-sxm-80gb`. */
  chip: 0.06,
  /** All of a framework's work, e.g. `work@NeMo`. */
  software: 0.1,
  /** All work, per year of software after 2024: a negative exponent is progress. */
  year: 0.04,
} as const;

/** Coefficients and effects, by key (`product`, `product@hopper`, `work@software:NeMo`, `work@year`). */
export type CoefficientTable = Readonly<Record<string, number>>;

/** Priors alone: what is known before any row. */
export function priorTable(): CoefficientTable {
  return Object.fromEntries(coefficientNames.map((name) => [name, coefficientSpecs[name].prior]));
}

/** What is known of one run beside its plan: which chip, which software, when. */
export interface Circumstances {
  readonly chip: string;
  readonly family: string;
  /** Framework family, e.g. `megatron`; undefined when not told. */
  readonly software?: string | undefined;
  /** Year of the software with its fraction, e.g. 2025.4. */
  readonly year?: number | undefined;
}

/** Keys of the effects that apply to a run, with the power each is raised to. */
export function effectsOf({
  chip,
  family,
  software,
  year,
}: Circumstances): readonly (readonly [string, number])[] {
  return [
    [`work@chip:${chip}`, 1],
    ...(software === undefined ? [] : [[`work@software:${software}`, 1] as const]),
    ...(year === undefined ? [] : [["work@year", year - 2024] as const]),
    [`product@${family}`, 1],
  ];
}

/** Coefficients of one run, and the factor on all of its work. */
export function resolveCoefficients(
  table: CoefficientTable,
  circumstances: Circumstances,
): { readonly coefficients: Coefficients; readonly work: number } {
  const coefficients = {} as Record<CoefficientName, number>; // Filled for every name below.
  for (const name of coefficientNames)
    coefficients[name] = table[name] ?? coefficientSpecs[name].prior;
  let work = 1;
  for (const [key, power] of effectsOf(circumstances)) {
    const factor = table[key];
    if (factor === undefined) continue;
    if (key.startsWith("work@")) work *= factor ** power;
    else {
      coefficients.product *= factor;
      coefficients.product8 *= factor;
      coefficients.product4 *= factor;
    }
  }
  return { coefficients, work };
}
