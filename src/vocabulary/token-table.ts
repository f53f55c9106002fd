import {
  boolAt,
  checkVocabulary,
  letterOfByte,
  numbersAt,
  preTokenizers,
  textAt,
  textsAt,
  tokenType,
  type GgufFile,
  type GgufMetadata,
  type PreTokenizer,
} from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";
import { effectiveTypes } from "./control-tokens.ts";

interface Tokens {
  /** Where it came from, for messages. */
  readonly name: string;
  /** Texts by id as the file spells them; all different. */
  readonly tokens: readonly string[];
  /** `tokenType` by id, as llama.cpp sees it. */
  readonly types: ArrayLike<number>;
  readonly ids: ReadonlyMap<string, number>;
}

/** The tokenizer of a model: all that says how text becomes ids. */
export type TokenTable =
  | (Tokens & {
      readonly kind: "sentence-piece";
      /** Of two joins the one whose piece scores higher comes first. */
      readonly scores: ArrayLike<number>;
      /** Whether a text gets a space before its first word. */
      readonly spacePrefix: boolean;
    })
  | (Tokens & {
      readonly kind: "byte-level";
      /** "left right", best first. */
      readonly merges: readonly string[];
      readonly split: PreTokenizer;
    });

/**
 * Reads the tokenizer from the token tables of a GGUF file. `base-unsupported` names a kind, normalizer or
 * pre-tokenizer that is not understood; `format-corrupt` tables that contradict themselves.
 */
export function readTokenTable(file: GgufFile): TokenTable {
  const { metadata, name } = file;
  const rows = file.tensors.get("token_embd.weight")?.shape[0] ?? 0;
  checkVocabulary(file, rows);
  const tokens = textsAt(metadata, "tokenizer.ggml.tokens") ?? [];
  const shared = {
    name,
    tokens,
    types: effectiveTypes(
      tokens,
      numbersAt(metadata, "tokenizer.ggml.token_type") ?? missing(name, "token_type"),
    ),
    ids: new Map(tokens.map((text, id) => [text, id])),
  };
  refuseNormalizers(name, metadata);
  if (textAt(metadata, "tokenizer.ggml.model") === "gpt2") {
    const merges = textsAt(metadata, "tokenizer.ggml.merges") ?? missing(name, "merges");
    checkMerges(name, merges, shared.ids);
    return { ...shared, kind: "byte-level", merges, split: findSplit(name, metadata) };
  }
  const scores = numbersAt(metadata, "tokenizer.ggml.scores") ?? missing(name, "scores");
  const pre = textAt(metadata, "tokenizer.ggml.pre") ?? "default";
  if (pre !== "default") throw refuse(name, `the pre-tokenizer "${pre}"`);
  // llama.cpp prefixes a space where a file says nothing of it.
  const spacePrefix = boolAt(metadata, "tokenizer.ggml.add_space_prefix") ?? true;
  return { ...shared, kind: "sentence-piece", scores, spacePrefix };
}

/** The ids of the 256 byte tokens that the table has, by byte. */
export function byteTokens({ kind, ids }: TokenTable): (number | undefined)[] {
  return letterOfByte.map((letter, byte) =>
    ids.get(
      kind === "byte-level" ? letter : `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
    ),
  );
}

/** Whether the token stands for text that is cut by merging (not for control, bytes or whole words). */
export function isNormal({ types }: TokenTable, id: number): boolean {
  return types[id] === tokenType.normal;
}

function refuseNormalizers(name: string, metadata: GgufMetadata): void {
  for (const key of ["precompiled_charsmap", "remove_extra_whitespaces", "escape_whitespaces"]) {
    const entry = metadata.get(`tokenizer.ggml.${key}`);
    const isPlain = entry?.kind === "bool" && entry.value === (key === "escape_whitespaces");
    if (entry !== undefined && !isPlain) throw refuse(name, `the normalizer "${key}"`);
  }
}

function findSplit(name: string, metadata: GgufMetadata): PreTokenizer {
  const pre = textAt(metadata, "tokenizer.ggml.pre");
  const found = preTokenizers.find((known) => known.pre === pre);
  if (found !== undefined) return found;
  throw refuse(name, `the pre-tokenizer ${pre === undefined ? "that no one named" : `"${pre}"`}`);
}

/** llama.cpp takes the first of two equal merges, others the last; a merge into no token would lose text. */
function checkMerges(
  name: string,
  merges: readonly string[],
  ids: ReadonlyMap<string, number>,
): void {
  const seen = new Set<string>();
  for (const merge of merges) {
    const what = JSON.stringify(merge.slice(0, 40));
    if (seen.has(merge)) throw spoilt(name, `the merge ${what} is there twice`);
    if (!ids.has(merge.replace(" ", ""))) throw spoilt(name, `the merge ${what} makes no token`);
    seen.add(merge);
  }
}

function missing(name: string, key: string): never {
  throw spoilt(name, `tokenizer.ggml.${key} is missing`);
}

function spoilt(name: string, what: string): SampanError {
  return new SampanError("format-corrupt", `${name}: ${what}`, {
    hint: "The tokenizer of this file is damaged: fetch or convert the base again.",
  });
}

function refuse(name: string, what: string): SampanError {
  return new SampanError("base-unsupported", `${name}: ${what} is not understood here`, {
    hint: `Its vocabulary must be kept as it is. Known are SentencePiece-style tokenizers and, by their pre-tokenizer, ${preTokenizers.map(({ pre }) => pre).join(", ")}.`,
  });
}
