import {
  boolAt,
  numberAt,
  textAt,
  tokenType,
  type GgufMetadata,
  type SplitStep,
} from "../formats/index.ts";
import { spaceSign } from "./split-words.ts";
import { isNormal, type TokenTable } from "./token-table.ts";

/**
 * The tokenizer as Hugging Face libraries read it, from the token tables alone: `tokenizer.json` and
 * `tokenizer_config.json`. Control tokens in a text are found there; llama.cpp does so when asked to.
 */
export function tokenizerFiles(
  table: TokenTable,
  metadata: GgufMetadata,
): readonly { readonly name: string; readonly content: object }[] {
  const name = (key: string): string | undefined => {
    const id = numberAt(metadata, `tokenizer.ggml.${key}_token_id`);
    return id === undefined ? undefined : table.tokens[id];
  };
  const [bos, eos, unknown, pad] = [name("bos"), name("eos"), name("unknown"), name("padding")];
  const chatTemplate = textAt(metadata, "tokenizer.chat_template");
  const addBos = boolAt(metadata, "tokenizer.ggml.add_bos_token") === true;
  const stated = { bos_token: bos, eos_token: eos, unk_token: unknown, pad_token: pad };
  return [
    { name: "tokenizer.json", content: tokenizerJson(table, addBos ? bos : undefined) },
    {
      name: "tokenizer_config.json",
      content: {
        tokenizer_class: "PreTrainedTokenizerFast",
        ...Object.fromEntries(Object.entries(stated).filter(([, token]) => token !== undefined)),
        add_bos_token: addBos,
        clean_up_tokenization_spaces: false,
        ...(chatTemplate === undefined ? {} : { chat_template: chatTemplate }),
      },
    },
  ];
}

function tokenizerJson(table: TokenTable, bos: string | undefined): object {
  const vocab = Object.fromEntries(table.tokens.map((token, id) => [token, id]));
  const shared = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(table),
    post_processor: bos === undefined ? null : startsWith(bos, table.ids.get(bos) ?? 0),
  };
  const model = {
    type: "BPE",
    dropout: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    vocab,
  };
  if (table.kind === "byte-level") {
    return {
      ...shared,
      normalizer: null,
      pre_tokenizer: { type: "Sequence", pretokenizers: preTokenizerSteps(table.split.steps) },
      decoder: byteLevelStep(false),
      model: {
        ...model,
        unk_token: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: table.split.wholeWords === true,
        merges: table.merges.map((merge) => merge.split(" ")),
      },
    };
  }
  const replace = (from: string, to: string): object => ({
    type: "Replace",
    pattern: { String: from },
    content: to,
  });
  const prepend = table.spacePrefix ? [{ type: "Prepend", prepend: spaceSign }] : [];
  const strip = table.spacePrefix ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : [];
  return {
    ...shared,
    normalizer: { type: "Sequence", normalizers: [...prepend, replace(" ", spaceSign)] },
    pre_tokenizer: null,
    decoder: {
      type: "Sequence",
      decoders: [replace(spaceSign, " "), { type: "ByteFallback" }, { type: "Fuse" }, ...strip],
    },
    model: {
      ...model,
      unk_token: table.tokens.find((_, id) => table.types[id] === tokenType.unknown) ?? null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      merges: scoredMerges(table),
    },
  };
}

/** A merge for each way to cut a piece into two tokens, best score first: what joining by scores does. */
function scoredMerges(
  table: TokenTable & { readonly kind: "sentence-piece" },
): (readonly [string, string])[] {
  const merges: { readonly pair: readonly [string, string]; readonly score: number }[] = [];
  for (const [id, piece] of table.tokens.entries()) {
    if (!isNormal(table, id)) continue;
    const characters = Array.from(piece);
    for (let cut = 1; cut < characters.length; cut++) {
      const pair = [characters.slice(0, cut).join(""), characters.slice(cut).join("")] as const;
      if (!table.ids.has(pair[0]) || !table.ids.has(pair[1])) continue;
      merges.push({ pair, score: table.scores[id] ?? 0 });
    }
  }
  return merges.sort((a, b) => b.score - a.score).map(({ pair }) => pair);
}

/** Tokens that are found whole: control ones, and user-defined ones, the longest first. */
function addedTokens({ tokens, types }: TokenTable): object[] {
  const found: { readonly id: number; readonly content: string; readonly special: boolean }[] = [];
  for (const [id, content] of tokens.entries()) {
    const special = types[id] === tokenType.control || types[id] === tokenType.unknown;
    if (special || types[id] === tokenType.userDefined) found.push({ id, content, special });
  }
  return found.map((token) => ({
    ...token,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
}

function preTokenizerSteps(steps: readonly SplitStep[]): object[] {
  const splits = steps.flatMap((step): object[] => {
    if (step.kind === "words") return [];
    if (step.kind === "digits") return [{ type: "Digits", individual_digits: true }];
    const pattern = { Regex: step.pattern };
    return [{ type: "Split", pattern, behavior: "Isolated", invert: false }];
  });
  return [...splits, byteLevelStep(steps.some(({ kind }) => kind === "words"))];
}

function byteLevelStep(words: boolean): object {
  return { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: words };
}

function startsWith(token: string, id: number): object {
  const piece = (name: string): object => ({ Sequence: { id: name, type_id: 0 } });
  const special = { SpecialToken: { id: token, type_id: 0 } };
  return {
    type: "TemplateProcessing",
    single: [special, piece("A")],
    pair: [special, piece("A"), piece("B")],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}
