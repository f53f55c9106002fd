/** Which logits a program asks for. */
export type Wanted =
  /** Of these tokens, all of them; ids unique. */
  | { readonly kind: "these"; readonly ids: readonly number[] }
  /** Of the likeliest tokens that pass; at least one passes. */
  | { readonly kind: "likeliest"; readonly passes: (id: number) => boolean }
  /** Of the whole vocabulary. */
  | { readonly kind: "all" }
  | { readonly kind: "nothing" };

/** One step of a program: keep the first `keep` tokens of the sequence, add `add`, look what follows. */
export interface Demand {
  readonly keep: number;
  readonly add: readonly number[];
  readonly wanted: Wanted;
}

/** Tokens and their logits, highest first. */
export type Scores = readonly { readonly id: number; readonly logit: number }[];

/** Something that asks for evaluations until it has its result. */
export type Program<Result> = Generator<Demand, Result, Scores>;
