import { tokenType } from "../token-type.ts";
import { refuse } from "./config-file.ts";
import type { ModelFolder } from "./folder.ts";
import type { TokenizerFile } from "./tokenizer-file.ts";

/** Tokens by id with their types; ids that no token has are filled up. */
export interface Vocabulary {
  readonly tokens: string[];
  readonly types: Int32Array;
}

/**
 * The vocabulary of a tokenizer.json over exactly `size` ids, which is the number of embedding rows:
 * llama.cpp wants one token per row. `base-unsupported` when there are more pieces than rows.
 */
export function readVocabulary(folder: ModelFolder, file: TokenizerFile, size: number): Vocabulary {
  const tokens: string[] = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const types = new Int32Array(size).fill(tokenType.unused);
  const put = (id: number, text: string, type: number): void => {
    if (id >= size) {
      throw refuse(
        folder,
        `the token ${JSON.stringify(text)} has id ${id}, but the embedding ${size} rows`,
      );
    }
    tokens[id] = text;
    types[id] = type;
  };
  const isBytes = file.model.byte_fallback === true;
  for (const [text, id] of Object.entries(file.model.vocab)) {
    const isByte = isBytes && /^<0x[0-9A-F]{2}>$/.test(text);
    const isUnknown = text === file.model.unk_token;
    put(id, text, isByte ? tokenType.byte : isUnknown ? tokenType.unknown : tokenType.normal);
  }
  for (const { id, content, special } of file.added_tokens) {
    // A text model may share its tokenizer with a larger one: Gemma 3's image token has no row here.
    if (id >= size) continue;
    if (types[id] === tokenType.unknown || types[id] === tokenType.byte) continue;
    put(id, content, special ? tokenType.control : tokenType.userDefined);
  }
  return { tokens, types };
}

/** The two parts of each merge, from either of the forms that tokenizer.json knows. */
export function readMerges(folder: ModelFolder, file: TokenizerFile): [string, string][] {
  return file.model.merges.map((merge) => {
    if (typeof merge !== "string") return merge;
    const at = merge.indexOf(" ");
    if (at > 0) return [merge.slice(0, at), merge.slice(at + 1)];
    throw refuse(folder, `the merge ${JSON.stringify(merge)} has no two parts`);
  });
}
