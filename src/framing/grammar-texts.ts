import type { Grammar } from "../schema/index.ts";

/** Every text that a grammar fixes: literals and the options of its choices. */
export function* grammarTexts(grammar: Grammar): Generator<string> {
  switch (grammar.kind) {
    case "literal":
      yield grammar.text;
      break;
    case "choice":
      yield* grammar.options;
      break;
    case "sequence":
    case "alternatives":
      for (const item of grammar.items) yield* grammarTexts(item);
      break;
    case "optional":
    case "repeat":
      yield* grammarTexts(grammar.item);
      break;
    default:
      break;
  }
}
