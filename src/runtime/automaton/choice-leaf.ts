import { many, none, type Leaf } from "./leaf.ts";

interface ChoiceNode {
  readonly children: Map<number, number>;
  ends: boolean;
}

/** One of some literal texts (a single literal too), as the tree of their UTF-8 bytes. */
export function choiceLeaf(options: readonly string[]): Leaf {
  const nodes: ChoiceNode[] = [{ children: new Map(), ends: false }];
  for (const option of options) {
    let at = nodes[0];
    for (const byte of Buffer.from(option)) {
      const child = at?.children.get(byte) ?? nodes.length;
      if (child === nodes.length) {
        nodes.push({ children: new Map(), ends: false });
        at?.children.set(byte, child);
      }
      at = nodes[child];
    }
    if (at) at.ends = true;
  }
  return {
    start: options.length === 0 ? undefined : 0,
    step: (state, byte) => nodes[state]?.children.get(byte),
    done: (state) => nodes[state]?.ends ?? false,
    only(state) {
      const children = nodes[state]?.children;
      if (!children || children.size === 0) return none;
      return children.size > 1 ? many : ([...children.keys()][0] ?? none);
    },
    wide: () => false,
  };
}
