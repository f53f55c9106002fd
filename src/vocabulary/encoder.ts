import { byteOfLetter, letterOfByte, tokenType } from "../formats/index.ts";
import { mergeSymbols } from "./merge-symbols.ts";
import { spaceSign, wordSplitter, type SplitWords } from "./split-words.ts";
import { byteTokens, type TokenTable } from "./token-table.ts";

/** Words whose ids are remembered. */
const rememberedWords = 1 << 16;

/** Turns text into the ids that llama.cpp and Hugging Face tokenizers give, and back into bytes. */
export class Encoder {
  readonly table: TokenTable;
  readonly #split: SplitWords;
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #bytes: readonly (number | undefined)[];
  readonly #whole: readonly { readonly text: string; readonly id: number }[];
  readonly #words = new Map<string, readonly number[]>();

  constructor(table: TokenTable) {
    this.table = table;
    this.#split = wordSplitter(table);
    this.#bytes = byteTokens(table);
    this.#ranks = new Map(
      table.kind === "byte-level" ? table.merges.map((merge, rank) => [merge, rank]) : [],
    );
    // Longest first, as llama.cpp looks for them.
    this.#whole = table.tokens
      .map((text, id) => ({ text, id }))
      .filter(({ text, id }) => table.types[id] === tokenType.userDefined && text !== "")
      .sort((a, b) => Buffer.byteLength(b.text) - Buffer.byteLength(a.text));
  }

  /** Ids of plain text; control tokens in it are text like any other. Lone surrogates become U+FFFD. */
  encode(text: string): number[] {
    const ids: number[] = [];
    for (const part of this.words(text)) {
      if (typeof part === "number") ids.push(part);
      else for (const id of this.encodeWord(part)) ids.push(id);
    }
    return ids;
  }

  /** A text as the words that are encoded apart, in the table's own spelling, and ids found whole. */
  words(text: string): (string | number)[] {
    const { table } = this;
    return this.#cutWhole(text.toWellFormed()).flatMap((part): (string | number)[] => {
      if (typeof part === "number") return [part];
      if (table.kind === "byte-level") return this.#split(part).map(toLetters);
      const prefixed = table.spacePrefix ? ` ${part}` : part;
      return this.#split(prefixed.replaceAll(" ", spaceSign));
    });
  }

  /** Ids of one word in the table's own spelling. */
  encodeWord(word: string): readonly number[] {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const { table } = this;
    const id =
      table.kind === "byte-level" && table.split.wholeWords ? table.ids.get(word) : undefined;
    const ids = id === undefined ? this.#idsOf(this.join(word)) : [id];
    if (this.#words.size >= rememberedWords) this.#words.clear();
    this.#words.set(word, ids);
    return ids;
  }

  /** The pieces that a spelled text is joined into; `onJoin` hears each one formed on the way. */
  join(spelled: string, onJoin?: (piece: string) => void): string[] {
    const { table } = this;
    if (table.kind === "byte-level") {
      const rank = (left: string, right: string) => this.#ranks.get(`${left} ${right}`);
      return mergeSymbols(Array.from(spelled), rank, onJoin);
    }
    const rank = (left: string, right: string): number | undefined => {
      const id = table.ids.get(left + right);
      return id === undefined ? undefined : -(table.scores[id] ?? 0);
    };
    return mergeSymbols(Array.from(spelled), rank, onJoin);
  }

  /** The bytes a token stands for: none for control and unknown tokens. */
  bytes(id: number): Uint8Array {
    const { table } = this;
    const token = table.tokens[id] ?? "";
    switch (table.types[id]) {
      case tokenType.control:
      case tokenType.unknown:
        return new Uint8Array();
      case tokenType.userDefined:
        return Buffer.from(token);
      default:
        if (table.kind === "byte-level") {
          return Uint8Array.from(token, (letter) => byteOfLetter.get(letter) ?? 0);
        }
        if (table.types[id] === tokenType.byte) {
          return Uint8Array.of(Number.parseInt(token.slice(3, 5), 16));
        }
        return Buffer.from(token.replaceAll(spaceSign, " "));
    }
  }

  decode(ids: readonly number[]): string {
    return Buffer.concat(ids.map((id) => this.bytes(id))).toString("utf8");
  }

  /** Finds whole tokens in the text, one after the other in all that is still text. */
  #cutWhole(text: string): (string | number)[] {
    let parts: (string | number)[] = text === "" ? [] : [text];
    for (const { text: whole, id } of this.#whole) {
      if (!text.includes(whole)) continue;
      parts = parts.flatMap((part) => {
        if (typeof part === "number") return [part];
        const between = part.split(whole);
        return between.flatMap((piece, i) => {
          const kept = piece === "" ? [] : [piece];
          return i + 1 < between.length ? [...kept, id] : kept;
        });
      });
    }
    return parts;
  }

  /** Pieces as ids; one that is no token byte by byte. A byte without a token of its own is lost, as everywhere. */
  #idsOf(pieces: readonly string[]): number[] {
    const { ids, kind } = this.table;
    const found: number[] = [];
    for (const piece of pieces) {
      const id = ids.get(piece);
      if (id !== undefined) found.push(id);
      else if (kind === "sentence-piece") {
        for (const byte of Buffer.from(piece)) {
          const token = this.#bytes[byte];
          if (token !== undefined) found.push(token);
        }
      }
    }
    return found;
  }
}

function toLetters(text: string): string {
  let letters = "";
  for (const byte of Buffer.from(text)) letters += letterOfByte[byte] ?? "";
  return letters;
}
