import { answerGrammar, grammarTexts } from "../../framing/index.ts";
import { encodeExample } from "../../runtime/index.ts";
import type { Grammar, ObjectSchema, Tokenizer } from "../../schema/index.ts";
import type { TuneExample } from "../../tune/index.ts";

/**
 * Low ids of a merge-ordered vocabulary are its most frequent tokens: kept as rivals, so that an open
 * answer learns to prefer its own tokens over likely ones. A fiftieth of Gemma's head.
 */
const frequentRivals = 4_096;

/**
 * Token ids the loss compares: every alternative of every decision. Places judged against all of them get
 * every token of their records too and, where the answer is open, all single bytes and the most frequent rest.
 */
export function allowedTokens(
  schema: ObjectSchema,
  examples: readonly TuneExample[],
  tokenizer: Tokenizer,
): number[] {
  const allowed = new Set<number>([tokenizer.eos]);
  let unbounded = false;
  for (const { prompt, answer, decisions } of examples) {
    for (const id of answer) allowed.add(id);
    for (const { among } of decisions ?? [{ among: undefined }]) {
      if (among === undefined) for (const id of prompt) allowed.add(id);
      for (const id of among ?? []) allowed.add(id);
      unbounded ||= among === undefined;
    }
  }
  if (!unbounded) return [...allowed].sort((a, b) => a - b);
  const grammar = answerGrammar(schema);
  for (const text of grammarTexts(grammar)) {
    for (const id of encodeExample(tokenizer, "\n", text).answer) allowed.add(id);
  }
  if (!isClosed(grammar)) {
    for (let id = 0; id < tokenizer.size; id++) {
      if (id < frequentRivals || tokenizer.bytes(id).length === 1) allowed.add(id);
    }
  }
  return [...allowed].sort((a, b) => a - b);
}

function isClosed(grammar: Grammar): boolean {
  switch (grammar.kind) {
    case "literal":
    case "choice":
      return true;
    case "sequence":
    case "alternatives":
      return grammar.items.every(isClosed);
    case "optional":
    case "repeat":
      return isClosed(grammar.item);
    default:
      return false;
  }
}
