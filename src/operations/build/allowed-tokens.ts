import { answerGrammar } from "../../framing/index.ts";
import type { Grammar, ObjectSchema, Tokenizer } from "../../schema/index.ts";
import type { TuneExample } from "../../tune/index.ts";

/**
 * Low ids of a merge-ordered vocabulary are its most frequent tokens: kept as rivals, so that an open
 * answer learns to prefer its own tokens over likely ones. A fiftieth of Gemma's head.
 */
const frequentRivals = 4_096;

/**
 * Token ids the loss compares. A closed answer can only be made of its options' tokens; an open one is
 * compared with every token of the records, all single bytes, and the most frequent rest.
 */
export function allowedTokens(
  schema: ObjectSchema,
  examples: readonly TuneExample[],
  tokenizer: Tokenizer,
  encodeAnswer: (text: string) => readonly number[],
): number[] {
  const allowed = new Set<number>([tokenizer.eos]);
  for (const { answer } of examples) for (const id of answer) allowed.add(id);
  const grammar = answerGrammar(schema);
  for (const text of literalTexts(grammar)) for (const id of encodeAnswer(text)) allowed.add(id);
  if (!isClosed(grammar)) {
    for (const { prompt } of examples) for (const id of prompt) allowed.add(id);
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

function* literalTexts(grammar: Grammar): Generator<string> {
  switch (grammar.kind) {
    case "literal":
      yield grammar.text;
      break;
    case "choice":
      yield* grammar.options;
      break;
    case "sequence":
    case "alternatives":
      for (const item of grammar.items) yield* literalTexts(item);
      break;
    case "optional":
    case "repeat":
      yield* literalTexts(grammar.item);
      break;
    default:
      break;
  }
}
