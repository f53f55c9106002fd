import { byteOfLetter } from "../formats/index.ts";

/** The two kinds of vocabulary of the supported families, by llama.cpp's `llama_vocab_type`. */
export const vocabularyKinds = { sentencePiece: 1, byteLevel: 2 } as const;
export type VocabularyKind = keyof typeof vocabularyKinds;

/** Bits of llama.cpp's `llama_token_attr` (include/llama.h). */
const unknownOrControl = 1 | 8;
const userDefined = 16;
const byte = 32;

/**
 * The bytes a token stands for, as llama.cpp's `token_to_piece` writes them: none for control tokens,
 * user-defined ones as they are, SentencePiece's U+2581 as a space, byte-level ones through GPT-2's map.
 */
export function tokenBytes(kind: VocabularyKind, piece: string, attributes: number): Uint8Array {
  if (attributes & unknownOrControl) return new Uint8Array();
  if (attributes & userDefined) return Buffer.from(piece);
  if (kind === "sentencePiece") {
    if (attributes & byte) return Uint8Array.of(Number.parseInt(piece.slice(3, 5), 16));
    return Buffer.from(piece.replaceAll("\u2581", " "));
  }
  return Uint8Array.from(piece, (character) => byteOfLetter.get(character) ?? 0);
}
