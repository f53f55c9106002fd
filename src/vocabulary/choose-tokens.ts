import { chatTemplates, isSpare, namedIds } from "./control-tokens.ts";
import { tokenType, type GgufMetadata } from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";
import type { Encoder } from "./encoder.ts";
import { characterFloor, everyLanguage, scriptOf } from "./scripts.ts";
import { otherSpellings } from "./spellings.ts";
import { isReachable, wayTo } from "./token-closure.ts";
import { byteTokens, isNormal } from "./token-table.ts";

/**
 * Matrix kernels work on groups of rows and take another way for what is left over (llama.cpp's by 8, 16
 * or 32, GPUs' by 128). A multiple of all keeps the kernel, and with it the bits of every logit.
 */
const rowGroup = 128;
/**
 * Share of a vocabulary that is kept beyond the corpus, so that words it does not hold are not cut to
 * pieces. An eighth keeps Gemma 3 270M's file below 0.42 and SmolLM2 135M's below 0.77 of what it was.
 */
const reserveShare = 1 / 8;

/** Why tokens are kept, and how many each reason added; a token counts for its first reason. */
export const keepReasons = [
  "special",
  "byte",
  "corpus",
  "character",
  "spelling",
  "frequent",
] as const;
export type KeepReason = (typeof keepReasons)[number];

/** Which tokens stay. */
export interface TokenChoice {
  /** Old ids, ascending: the new id of a token is its place here. */
  readonly kept: Int32Array;
  readonly counts: Readonly<Record<KeepReason, number>>;
  /** Tokens and characters of the corpus. */
  readonly corpus: { readonly texts: number; readonly tokens: number; readonly characters: number };
}

export interface ChooseRequest {
  readonly metadata: GgufMetadata;
  /** All that must keep its segmentation; read once, in any order. */
  readonly texts: Iterable<string>;
  /** Other spellings of the corpus's tokens and frequent tokens to keep; an eighth of all unless said. */
  readonly reserve?: number;
}

/**
 * Chooses the tokens to keep: special and byte tokens, all that the corpus is cut into, single characters
 * of its scripts, other spellings, the most frequent tokens of its scripts, and the way to each of them. The same texts in
 * any order give the same choice. `data-invalid` when there is no text.
 */
export function chooseTokens(encoder: Encoder, request: ChooseRequest): TokenChoice {
  const { table } = encoder;
  const chosen = new Selection(encoder);
  for (const id of specialTokens(encoder, request.metadata)) chosen.add("special", id);
  for (const id of byteTokens(table)) if (id !== undefined) chosen.add("byte", id);
  const corpus = readCorpus(encoder, request.texts);
  for (const id of corpus.ids) chosen.add("corpus", id);
  const scripts = new Set([...corpus.scripts, ...everyLanguage]);
  const rivals = listRivals(encoder, scripts);
  for (const id of rivals.characters) chosen.add("character", id);
  const reserve = request.reserve ?? Math.round(table.tokens.length * reserveShare);
  const full = Math.ceil((chosen.size + reserve) / rowGroup) * rowGroup;
  const fill = (reason: KeepReason, ids: Iterable<number>): void => {
    for (const id of ids) {
      if (chosen.size >= full) return;
      if (!chosen.has(id) && isReachable(encoder, id)) chosen.add(reason, id, full);
    }
  };
  if (reserve > 0)
    fill(
      "spelling",
      corpus.ids.flatMap((id) => otherSpellings(table, id)),
    );
  fill("frequent", rivals.tokens);
  // Scripts with few tokens do not fill the reserve; the group of rows is filled with any that there are.
  const rest = (rowGroup - (chosen.size % rowGroup)) % rowGroup;
  const whole = chosen.size + rest;
  for (let id = 0; id < table.tokens.length && chosen.size < whole; id++) {
    if (isNormal(table, id) && !chosen.has(id) && isReachable(encoder, id)) {
      chosen.add("frequent", id, whole);
    }
  }
  const { texts, tokens, characters } = corpus;
  return { kept: chosen.ids(), counts: chosen.counts, corpus: { texts, tokens, characters } };
}

/** The kept set as it grows; with a token comes the way to it. */
class Selection {
  readonly counts: Record<KeepReason, number> = {
    special: 0,
    byte: 0,
    corpus: 0,
    character: 0,
    spelling: 0,
    frequent: 0,
  };
  readonly #encoder: Encoder;
  readonly #kept = new Set<number>();

  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  get size(): number {
    return this.#kept.size;
  }

  has(id: number): boolean {
    return this.#kept.has(id);
  }

  /** Adds nothing when the way is too long to stay within `most` tokens. */
  add(reason: KeepReason, id: number, most = Number.POSITIVE_INFINITY): void {
    if (this.#kept.has(id)) return;
    const way = reason === "special" ? [id] : wayTo(this.#encoder, id);
    const added = way.filter((step) => !this.#kept.has(step));
    if (this.size + added.length > most) return;
    for (const step of added) this.#kept.add(step);
    this.counts[reason] += added.length;
  }

  ids(): Int32Array {
    return Int32Array.from(this.#kept).sort();
  }
}

/** Control, unknown and user-defined tokens, without the rows that were never used. */
function specialTokens({ table }: Encoder, metadata: GgufMetadata): number[] {
  const named = namedIds(metadata);
  const template = chatTemplates(metadata);
  return table.tokens.flatMap((token, id) => {
    const type = table.types[id];
    if (named.has(id) || type === tokenType.unknown || type === tokenType.userDefined) return [id];
    if (type !== tokenType.control && type !== tokenType.unused) return [];
    return type === tokenType.unused || isSpare(token, id, named, template) ? [] : [id];
  });
}

function readCorpus(encoder: Encoder, all: Iterable<string>) {
  const ids = new Set<number>();
  const seen = new Set<string>();
  let [texts, tokens, characters] = [0, 0, 0];
  for (const text of all) {
    const found = encoder.encode(text);
    texts++;
    tokens += found.length;
    for (const id of found) ids.add(id);
    for (const character of text) {
      seen.add(character);
      characters++;
    }
  }
  if (tokens === 0) {
    throw new SampanError("data-invalid", "the corpus holds no text", {
      hint: "A vocabulary is cut to what the task says: give its records, or any text of its kind.",
    });
  }
  const scripts = new Set(Array.from(seen, scriptOf));
  return { ids: [...ids].sort((a, b) => a - b), scripts, texts, tokens, characters };
}

/**
 * Tokens beyond the corpus, most frequent first: both kinds of vocabulary number their pieces in the order
 * in which training found them. Single characters up to their script's floor, then all tokens of the scripts.
 */
function listRivals(encoder: Encoder, scripts: ReadonlySet<string>) {
  const { table } = encoder;
  const characters: number[] = [];
  const tokens: number[] = [];
  const perScript = new Map<string, number>();
  for (let id = 0; id < table.tokens.length; id++) {
    if (!isNormal(table, id)) continue;
    const text = readText(encoder.bytes(id));
    if (text === undefined) continue;
    const letters = Array.from(text);
    // ASCII is in every number, date, code and JSON text, whatever the corpus.
    if (letters.length === 1 && text < "\u0080") characters.push(id);
    if (!letters.every((letter) => scripts.has(scriptOf(letter)))) continue;
    tokens.push(id);
    if (letters.length !== 1) continue;
    const script = scriptOf(text);
    const count = perScript.get(script) ?? 0;
    if (count < characterFloor(script)) characters.push(id);
    perScript.set(script, count + 1);
  }
  return { characters, tokens };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a token, or undefined where it is a part of a character. */
function readText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
