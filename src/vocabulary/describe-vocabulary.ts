import { openByteFile } from "../disk/index.ts";
import { openGguf } from "../formats/index.ts";
import { sha256 } from "../kernel/index.ts";
import { chooseTokens } from "./choose-tokens.ts";
import { Encoder } from "./encoder.ts";
import { decodingBytes } from "./extend/extend-vocabulary.ts";
import { byteTokens, readTokenTable } from "./token-table.ts";

/** Of so many texts one is held out to see what a trim would do to unseen ones. */
const heldOutOf = 5;
/** Names with rare characters, full-width digits, emoji, accents: what a trim must not make unwritable. */
const rareTexts = [
  "张喆赟",
  "龘靐",
  "０１２３",
  "\u{20bb7}野家",
  "Łódź",
  "naïve café",
  "👩🏽\u200d🚀",
  "ﬁ ½ Å",
];

export interface VocabularyDescription {
  readonly tokens: number;
  readonly texts: number;
  readonly characters: number;
  /** The base's tokens per character of the corpus. */
  readonly tokensPerCharacter: number;
  /** Share of texts in which a character is written byte by byte. */
  readonly byteFallback: number;
  /** Share of the bytes that a decoded token reads which are rows of the vocabulary. */
  readonly headShare: number;
  readonly trimmed: {
    readonly tokens: number;
    /** Bytes read per decoded token, of what they were. */
    readonly readShare: number;
    /** Share of the held-out texts that would be cut as before, had the trim not seen them. */
    readonly heldOutSame: number;
    /** Tokens of the held-out texts that would go. */
    readonly heldOutLost: number;
  };
  /** Texts with rare characters that the base cannot write. */
  readonly unwritable: readonly string[];
}

/** What a corpus costs under a base's vocabulary, and what trimming would do to it. */
export function describeVocabulary(
  path: string,
  texts: () => Iterable<string>,
): VocabularyDescription {
  using source = openByteFile(path);
  const file = openGguf(source);
  const encoder = new Encoder(readTokenTable(file));
  const { metadata } = file;
  const { kept, corpus } = chooseTokens(encoder, { metadata, texts: texts() });
  const bytes = decodingBytes(file);
  const size = encoder.table.tokens.length;
  const head = bytes.rowBytes * size;
  return {
    tokens: size,
    texts: corpus.texts,
    characters: corpus.characters,
    tokensPerCharacter: corpus.tokens / Math.max(1, corpus.characters),
    byteFallback: countFallback(encoder, texts()) / corpus.texts,
    headShare: head / bytes.weightBytes,
    trimmed: {
      tokens: kept.length,
      readShare: 1 - (head - bytes.rowBytes * kept.length) / bytes.weightBytes,
      ...tryHeldOut(encoder, metadata, texts),
    },
    unwritable: rareTexts.filter((text) => encoder.decode(encoder.encode(text)).trim() !== text),
  };
}

/** Texts are held out by their content, so that their order does not matter. */
function isHeldOut(text: string): boolean {
  return Number.parseInt(sha256(text).slice(0, 8), 16) % heldOutOf === 0;
}

function tryHeldOut(
  encoder: Encoder,
  metadata: Parameters<typeof chooseTokens>[1]["metadata"],
  texts: () => Iterable<string>,
): { heldOutSame: number; heldOutLost: number } {
  function* some(heldOut: boolean): Generator<string> {
    for (const text of texts()) if (isHeldOut(text) === heldOut) yield text;
  }
  const [first] = some(false);
  if (first === undefined) return { heldOutSame: 1, heldOutLost: 0 };
  const kept = new Set(chooseTokens(encoder, { metadata, texts: some(false) }).kept);
  let [same, all, lost, tokens] = [0, 0, 0, 0];
  for (const text of some(true)) {
    const ids = encoder.encode(text);
    const missing = ids.filter((id) => !kept.has(id)).length;
    all++;
    tokens += ids.length;
    lost += missing;
    if (missing === 0) same++;
  }
  return { heldOutSame: all === 0 ? 1 : same / all, heldOutLost: tokens === 0 ? 0 : lost / tokens };
}

/** Texts with a byte token for a character that is none of ASCII's. */
function countFallback(encoder: Encoder, texts: Iterable<string>): number {
  const bytes = new Set(byteTokens(encoder.table));
  const isPart = (id: number): boolean => bytes.has(id) && (encoder.bytes(id)[0] ?? 0) >= 0x80;
  let count = 0;
  for (const text of texts) if (encoder.encode(text).some(isPart)) count++;
  return count;
}
