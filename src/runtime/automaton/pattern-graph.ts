/** Inclusive ranges of code points, surrogates left out. */
export type Ranges = readonly (readonly [number, number])[];

/** A node of a pattern's nondeterministic automaton over characters. */
export type PatternNode =
  | { readonly kind: "take"; readonly ranges: Ranges; next: number }
  | { readonly kind: "split"; readonly nexts: number[] }
  /** Passed at the beginning of the text only. */
  | { readonly kind: "start"; next: number }
  /** Passed at the end of the text only. */
  | { readonly kind: "end"; next: number }
  | { readonly kind: "accept" };

/** What a pattern is made of, once parsed. */
export type PatternTree =
  | { readonly kind: "take"; readonly ranges: Ranges }
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  | { readonly kind: "all"; readonly items: readonly PatternTree[] }
  | { readonly kind: "any"; readonly items: readonly PatternTree[] }
  | {
      readonly kind: "times";
      readonly item: PatternTree;
      readonly min: number;
      readonly max: number | undefined;
    };

/** More nodes than any sane pattern needs. */
const mostNodes = 20_000;

/** Builds the automaton back to front; undefined when it grows too large. */
export function buildGraph(
  tree: PatternTree,
): { readonly nodes: readonly PatternNode[]; readonly first: number } | undefined {
  const nodes: PatternNode[] = [{ kind: "accept" }];
  const add = (node: PatternNode): number => {
    if (nodes.length > mostNodes) throw new RangeError("pattern too large");
    return nodes.push(node) - 1;
  };

  function build(part: PatternTree, next: number): number {
    switch (part.kind) {
      case "take":
        return add({ kind: "take", ranges: part.ranges, next });
      case "start":
      case "end":
        return add({ kind: part.kind, next });
      case "all":
        return part.items.reduceRight((after, item) => build(item, after), next);
      case "any":
        return add({ kind: "split", nexts: part.items.map((item) => build(item, next)) });
      case "times":
        return buildTimes(part, next);
    }
  }

  function buildTimes(part: Extract<PatternTree, { kind: "times" }>, next: number): number {
    let after = next;
    if (part.max === undefined) {
      const nexts: number[] = [];
      after = add({ kind: "split", nexts });
      nexts.push(build(part.item, after), next);
    } else {
      for (let i = part.min; i < part.max; i++) {
        after = add({ kind: "split", nexts: [build(part.item, after), next] });
      }
    }
    for (let i = 0; i < part.min; i++) after = build(part.item, after);
    return after;
  }

  try {
    return { first: build(tree, 0), nodes };
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}
