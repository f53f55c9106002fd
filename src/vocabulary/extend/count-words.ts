import { SampanError } from "../../kernel/index.ts";
import type { Encoder } from "../encoder.ts";
import type { CountedWord } from "./learn-merges.ts";

/** Distinct words that fit a few gigabytes of memory. */
const maximalWords = 1 << 22;

export interface WordCounts {
  /** As the base cuts them; in an order that the order of the texts does not change. */
  readonly words: readonly CountedWord[];
  readonly texts: number;
  readonly characters: number;
  readonly tokens: number;
}

/** Counts the words of a corpus and cuts each one as the base does. `data-invalid` when there is no text. */
export function countWords(encoder: Encoder, texts: Iterable<string>): WordCounts {
  const counts = new Map<string, number>();
  let [read, characters, tokens] = [0, 0, 0];
  for (const text of texts) {
    read++;
    for (const character of text) characters += character === "" ? 0 : 1;
    for (const word of encoder.words(text)) {
      if (typeof word === "number") {
        tokens++;
        continue;
      }
      const known = counts.get(word);
      if (known === undefined && counts.size >= maximalWords) throw tooMany();
      counts.set(word, (known ?? 0) + 1);
    }
  }
  if (counts.size === 0) {
    throw new SampanError("data-invalid", "the corpus holds no text", {
      hint: "Merges are learned from text of the task's kind: give some.",
    });
  }
  const words = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => ({ symbols: encoder.encodeWord(word), count }));
  for (const { symbols, count } of words) tokens += symbols.length * count;
  return { words, texts: read, characters, tokens };
}

function tooMany(): SampanError {
  return new SampanError("data-invalid", `the corpus has more than ${maximalWords} words`, {
    hint: "Some millions of words say all that a vocabulary can use: draw a sample.",
  });
}
