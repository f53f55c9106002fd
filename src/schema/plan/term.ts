import { z } from "zod";

/**
 * How sure a constant is, best first: fitted on measurements of this very kind; carried over from a neighbour
 * (family, size or date between measured ones); the maker's datasheet; a guess with a range.
 */
export const provenances = ["measured", "interpolated", "datasheet", "prior"] as const;
export type Provenance = (typeof provenances)[number];

/** One number that a formula took from outside, with where it comes from. */
export interface Constant {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Ends of the 80 % interval, where one is known. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly provenance: Provenance;
  readonly source: string;
  /** Day, month or year of the source. */
  readonly date: string;
}

/** A number and the sum behind it. `plan explain <plan> <id>` prints one. */
export interface Term {
  /** Path from the root, e.g. `step.compute.attention`. */
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  /** Ends of the 80 % interval; absent for exact counts. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** The law in words, e.g. "operations / (peak x efficiency)". */
  readonly formula: string;
  readonly children: readonly Term[];
  readonly constants: readonly Constant[];
}

/** A plan whose answer exists, or the reasons why it cannot run. */
export type Feasibility =
  | { readonly kind: "feasible" }
  | { readonly kind: "infeasible"; readonly reasons: readonly Reason[] };

/** Why something was refused, and what would help. */
export interface Reason {
  /** E.g. `memory`, `parallelism`, `batch`. */
  readonly about: string;
  readonly message: string;
  readonly hint: string;
}

/** A plan result as it is kept on disk for `plan explain` and `plan compare`. */
export const termSchema: z.ZodType<Term> = z.lazy(() =>
  z.strictObject({
    id: z.string().max(200),
    label: z.string().max(500),
    value: z.number(),
    unit: z.string().max(40),
    low: z.number().optional(),
    high: z.number().optional(),
    formula: z.string().max(1_000),
    children: z.array(termSchema).max(1_000),
    constants: z.array(constantSchema).max(1_000),
  }),
);

const constantSchema = z.strictObject({
  name: z.string().max(200),
  value: z.number(),
  unit: z.string().max(40),
  low: z.number().optional(),
  high: z.number().optional(),
  provenance: z.enum(provenances),
  source: z.string().max(1_000),
  date: z.string().max(40),
});
