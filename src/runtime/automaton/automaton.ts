import { SampanError } from "../../kernel/index.ts";
import type { Grammar, Tokenizer } from "../../schema/index.ts";
import type { ClosedSet } from "../decode/option-tree.ts";
import { encodeContinuation } from "../encode-example.ts";
import { listTexts } from "./list-texts.ts";
import { dead, Machine } from "./machine.ts";

/** A grammar made ready for one vocabulary; plain data that a bundle carries. */
export type Automaton =
  | ({ readonly kind: "closed" } & ClosedSet)
  | { readonly kind: "open"; readonly grammar: Grammar };

/** Grammars with at most so many texts are answered by scoring the texts themselves. */
const closedTexts = 1024;

/** Compiles a grammar for a vocabulary; `task-invalid` when nothing can be said under it. */
export function compileGrammar(grammar: Grammar, tokenizer: Tokenizer): Automaton {
  const texts = listTexts(grammar, closedTexts);
  if (texts === undefined) {
    // Whether there is a span to quote is known with a request only; all else is settled here.
    const sources = ["x".repeat(longestSpan(grammar))];
    if (new Machine(grammar, sources).start === dead) throw allowsNothing();
    return { kind: "open", grammar };
  }
  if (texts.length === 0) throw allowsNothing();
  const ids = texts.map((text) => encodeContinuation(tokenizer, text));
  if (new Set(ids.map((path) => path.join(" "))).size < texts.length) {
    throw new SampanError("base-unsupported", "two answers have the same tokens", {
      hint: "This vocabulary cannot write every character of the output schema; choose another base.",
    });
  }
  return { kind: "closed", texts, ids };
}

function longestSpan(grammar: Grammar): number {
  switch (grammar.kind) {
    case "span":
      return grammar.min;
    case "sequence":
    case "alternatives":
      return grammar.items.reduce((most, item) => Math.max(most, longestSpan(item)), 0);
    case "optional":
    case "repeat":
      return longestSpan(grammar.item);
    default:
      return 0;
  }
}

function allowsNothing(): SampanError {
  return new SampanError("task-invalid", "the output schema allows no answer at all", {
    hint: "Check the bounds and patterns of numbers, texts and arrays in `output`.",
  });
}

/** Whether what may be said depends on the request's own texts. */
export function hasSpans(grammar: Grammar): boolean {
  switch (grammar.kind) {
    case "span":
      return true;
    case "sequence":
    case "alternatives":
      return grammar.items.some(hasSpans);
    case "optional":
    case "repeat":
      return hasSpans(grammar.item);
    default:
      return false;
  }
}
