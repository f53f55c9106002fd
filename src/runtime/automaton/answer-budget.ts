import type { Grammar } from "../../schema/index.ts";
import type { Automaton } from "./automaton.ts";

/** Longest answer worth room in the context, in tokens. */
const mostTokens = 1024;

/**
 * Tokens to set aside for an answer after a prompt of so many: what the grammar's texts can take at three
 * bytes a character and two a token, and twice the prompt for all spans together.
 */
export function answerBudget(automaton: Automaton, promptTokens: number): number {
  if (automaton.kind === "closed") {
    return automaton.ids.reduce((most, ids) => Math.max(most, ids.length), 0);
  }
  const { bytes, spans } = measure(automaton.grammar);
  return Math.min(mostTokens, Math.ceil(bytes / 2) + (spans ? 2 * promptTokens : 0) + 16);
}

interface Size {
  /** Of everything but spans. */
  readonly bytes: number;
  readonly spans: boolean;
}

function measure(grammar: Grammar): Size {
  switch (grammar.kind) {
    case "literal":
      return { bytes: Buffer.byteLength(grammar.text), spans: false };
    case "choice":
      return { bytes: most(grammar.options.map((text) => Buffer.byteLength(text))), spans: false };
    case "number":
      return { bytes: 20 + grammar.decimals, spans: false };
    case "text":
      return { bytes: 3 * grammar.max, spans: false };
    case "span":
      return { bytes: 0, spans: true };
    case "optional":
      return measure(grammar.item);
    case "repeat": {
      const { bytes, spans } = measure(grammar.item);
      return { bytes: grammar.max * (bytes + Buffer.byteLength(grammar.separator)), spans };
    }
    case "sequence": {
      const sizes = grammar.items.map(measure);
      const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
      return { bytes, spans: sizes.some(({ spans }) => spans) };
    }
    case "alternatives": {
      const sizes = grammar.items.map(measure);
      return {
        bytes: most(sizes.map(({ bytes }) => bytes)),
        spans: sizes.some(({ spans }) => spans),
      };
    }
  }
}

function most(lengths: readonly number[]): number {
  return lengths.reduce((longest, length) => Math.max(longest, length), 0);
}
