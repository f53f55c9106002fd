/** The texts of a closed answer with their canonical ids, in the grammar's order. */
export interface ClosedSet {
  readonly texts: readonly string[];
  readonly ids: readonly (readonly number[])[];
}

/** Options whose ids begin alike, down to the token where they part. */
export interface OptionNode {
  /** Ids from the root. */
  readonly path: readonly number[];
  /** Indexes of the options below. */
  readonly options: readonly number[];
  /** Next token (`eos` where an option ends and others go on); empty when one option is left. */
  readonly children: ReadonlyMap<number, OptionNode>;
}

/** The tree of the options' ids, with runs of forced tokens drawn together. */
export function growOptionTree(set: ClosedSet, eos: number): OptionNode {
  return grow(
    set.texts.map((_, index) => index),
    0,
  );

  function idAt(option: number, depth: number): number {
    return set.ids[option]?.[depth] ?? eos;
  }

  function grow(options: readonly number[], depth: number): OptionNode {
    const [first = 0] = options;
    let shared = depth;
    if (options.length > 1) {
      while (options.every((option) => idAt(option, shared) === idAt(first, shared))) shared++;
    }
    const path = (set.ids[first] ?? []).slice(0, shared);
    if (options.length === 1) return { path, options, children: new Map() };
    const groups = Map.groupBy(options, (option) => idAt(option, shared));
    const children = new Map<number, OptionNode>();
    for (const [id, group] of groups) children.set(id, grow(group, shared + 1));
    return { path, options, children };
  }
}
