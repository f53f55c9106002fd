import { SampanError } from "../../kernel/index.ts";
import { byteTokens } from "../token-table.ts";
import type { Encoder } from "../encoder.ts";
import { countWords } from "./count-words.ts";
import { learnMerges } from "./learn-merges.ts";

/** As in `choose-tokens.ts`: kernels work on groups of rows. */
const rowGroup = 128;
/** A row that so few occurrences speak for cannot be learned, and may be chance. */
const leastCount = 8;
const mostAdditions = 1 << 15;

/** A token to add, and the pieces of the base that it stands for. */
export interface Addition {
  /** In the table's own spelling. */
  readonly text: string;
  readonly left: string;
  readonly right: string;
  /** Ids of the base whose texts joined are this token's. */
  readonly pieces: readonly number[];
}

export interface Additions {
  readonly additions: readonly Addition[];
  readonly texts: number;
  readonly characters: number;
  /** Tokens of the corpus before, and after as learned. */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly reason: string;
}

export interface AdditionRequest {
  readonly texts: Iterable<string>;
  /** How many to add, or `auto`: as many as save decoding time. */
  readonly add: number | "auto";
  /** Bytes read for a token that is decoded: all weights, and those of one more row. */
  readonly weightBytes: number;
  readonly rowBytes: number;
}

/**
 * Learns the tokens to add from how the base cuts the corpus. A new token saves one decoding step wherever
 * it stands and costs its row in every step; decoding is bound by the bytes it reads, so with `auto` a token
 * must save at least rowBytes / weightBytes of the corpus's tokens, and stand there 8 times. The same texts
 * in any order give the same tokens.
 */
export function chooseAdditions(encoder: Encoder, request: AdditionRequest): Additions {
  const { table } = encoder;
  const { add, weightBytes, rowBytes } = request;
  const size = table.tokens.length;
  const counted = countWords(encoder, request.texts);
  const whole = counted.tokens - counted.words.reduce((n, w) => n + w.count * w.symbols.length, 0);
  const spelled = [...table.tokens];
  const known = new Set(table.tokens);
  const pieces: (readonly number[])[] = table.tokens.map((_, id) => [id]);
  const isByte = new Set(byteTokens(table));
  const wanted = add === "auto" ? mostAdditions : Math.min(add, mostAdditions);
  let tokensAfter = counted.tokens;
  const additions: Addition[] = [];
  learnMerges({
    words: counted.words,
    firstId: size,
    accept: (count, merges, symbols) => {
      tokensAfter = symbols + whole;
      if (merges >= wanted) return false;
      if (add !== "auto") return count >= 2;
      return count >= leastCount && count * weightBytes >= tokensAfter * rowBytes;
    },
    refuse: (left, right) => {
      // Bytes of characters that are no tokens are not joined by score; and no text may be there twice.
      const bytes = table.kind === "sentence-piece" && (isByte.has(left) || isByte.has(right));
      return bytes || known.has((spelled[left] ?? "") + (spelled[right] ?? ""));
    },
    onMerge: ({ left, right }) => {
      const [a = "", b = ""] = [spelled[left], spelled[right]];
      const parts = [...(pieces[left] ?? []), ...(pieces[right] ?? [])];
      spelled.push(a + b);
      known.add(a + b);
      pieces.push(parts);
      additions.push({ text: a + b, left: a, right: b, pieces: parts });
    },
  });
  const fitting = fitRows(size, additions.length, add);
  const taken = additions.slice(0, fitting);
  const reason =
    add === "auto"
      ? `each saves at least ${((100 * rowBytes) / weightBytes).toFixed(4)} % of the tokens`
      : `asked for ${add}`;
  const { texts, characters, tokens } = counted;
  return { additions: taken, texts, characters, tokensBefore: tokens, tokensAfter, reason };
}

/** A number of additions that makes the vocabulary whole groups of rows, where `auto` may choose. */
function fitRows(size: number, learned: number, add: number | "auto"): number {
  if (add !== "auto") return learned;
  const after = Math.floor((size + learned) / rowGroup) * rowGroup;
  return after > size ? after - size : 0;
}

/** Refuses an addition of nothing, which would only copy the base. */
export function requireAdditions({ additions, tokensBefore, characters }: Additions): void {
  if (additions.length > 0) return;
  throw new SampanError("data-invalid", "no token would pay for its row on this corpus", {
    hint: `The base cuts it into ${(tokensBefore / Math.max(1, characters)).toFixed(2)} tokens per character. Give more text, name a number with --add, or keep the vocabulary.`,
  });
}
