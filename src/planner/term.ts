import type { Term } from "../schema/index.ts";

/** The term of an id anywhere in a tree. */
export function findTerm(root: Term, id: string): Term | undefined {
  if (root.id === id) return root;
  for (const child of root.children) {
    const found = findTerm(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All ids of a tree, root first. */
export function termIds(root: Term): readonly string[] {
  return [root.id, ...root.children.flatMap(termIds)];
}
