import { BestFirstQueue } from "./best-first-queue.ts";

/**
 * Joins neighbours until no pair has a rank: the lowest rank first, the leftmost of equals. Byte-pair
 * encoding as llama.cpp and Hugging Face tokenizers do it, in n log n.
 * @param rank of joining two texts, or undefined where they do not join
 * @param onJoin told each text that is formed, in order
 */
export function mergeSymbols(
  symbols: readonly string[],
  rank: (left: string, right: string) => number | undefined,
  onJoin?: (text: string) => void,
): string[] {
  const texts: (string | undefined)[] = [...symbols];
  const next = symbols.map((_, i) => i + 1);
  const before = symbols.map((_, i) => i - 1);
  const queue = new BestFirstQueue<Join>(isBefore);
  const offer = (left: number): void => {
    const a = texts[left];
    const b = texts[next[left] ?? symbols.length];
    if (a === undefined || b === undefined) return;
    const found = rank(a, b);
    if (found !== undefined) queue.push({ rank: found, left, length: a.length + b.length });
  };
  for (let i = 0; i + 1 < symbols.length; i++) offer(i);
  for (let join = queue.pop(); join !== undefined; join = queue.pop()) {
    const { left, length } = join;
    const right = next[left] ?? symbols.length;
    const [a, b] = [texts[left], texts[right]];
    // Stale: one of the two has been joined with another since. Texts only grow, so lengths tell.
    if (a === undefined || b === undefined || a.length + b.length !== length) continue;
    const text = a + b;
    texts[left] = text;
    texts[right] = undefined;
    const after = next[right] ?? symbols.length;
    next[left] = after;
    if (after < symbols.length) before[after] = left;
    onJoin?.(text);
    const previous = before[left] ?? -1;
    if (previous >= 0) offer(previous);
    offer(left);
  }
  return texts.filter((text) => text !== undefined);
}

interface Join {
  readonly rank: number;
  readonly left: number;
  readonly length: number;
}

function isBefore(a: Join, b: Join): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.left < b.left);
}
