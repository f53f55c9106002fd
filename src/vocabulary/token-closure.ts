import type { Encoder } from "./encoder.ts";

/**
 * Every token that the tokenizer forms on its way to this one, itself and its single characters included.
 * Whatever the text around it, a token is only ever formed on this way: a join across its border would
 * have kept it from being formed.
 */
export function wayTo(encoder: Encoder, id: number): number[] {
  const { ids, tokens } = encoder.table;
  const token = tokens[id] ?? "";
  const way = new Set<number>([id]);
  const add = (piece: string): void => {
    const found = ids.get(piece);
    if (found !== undefined) way.add(found);
  };
  for (const character of token) add(character);
  encoder.join(token, add);
  return [...way];
}

/** Whether the token is what its own text becomes; others can never be given. */
export function isReachable(encoder: Encoder, id: number): boolean {
  const token = encoder.table.tokens[id] ?? "";
  const [piece, ...more] = encoder.join(token);
  return piece === token && more.length === 0;
}
