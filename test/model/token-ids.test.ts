import { existsSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer as HubTokenizer } from "@huggingface/tokenizers";
import { expect, test } from "vitest";
import { openByteFile } from "../../src/disk/index.ts";
import { openGguf, textsAt, type GgufMetadata } from "../../src/formats/index.ts";
import { openTokenizer } from "../../src/runtime/index.ts";

const store = join(
  process.env["SAMPAN_HOME"] ?? join(import.meta.dirname, "../../.sampan"),
  "files",
);

const texts = [
  "canned milk merchant wholesalers",
  "1600 Pennsylvania Ave NW, Washington DC 20500-0003",
  "Don't stop; it's 12,345.67 € (incl. VAT)!",
  "  two spaces, a tab\tand a line\n\nmore   ",
  "采购订单已于二〇二四年七月送达，共计壹万贰仟元整；联系人：张丽，电话（０１０）８８８８。",
  "emoji 👩🏽‍🚀🇨🇳 and é, e\u0301, Å, ﬁ, ½",
  '{"a":[1.5e-3,"\\u0041\\\\"],"中":null}',
  "<bos> <|im_start|>user",
  "ⁿ\u200b\u202e\ufeff",
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/** The `tokenizer.json` of a byte-level vocabulary with SmolLM's steps: numerals apart, then GPT-2's. */
function smolTokenizer(metadata: GgufMetadata): object {
  const merges = textsAt(metadata, "tokenizer.ggml.merges")?.map((merge) => merge.split(" "));
  const steps = [
    { type: "Split", pattern: { Regex: "\\p{N}" }, behavior: "Isolated", invert: false },
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  ];
  return {
    model: { type: "BPE", vocab: vocabularyOf(metadata), merges },
    pre_tokenizer: { type: "Sequence", pretokenizers: steps },
  };
}

/** The `tokenizer.json` of a SentencePiece vocabulary: a merge for each way to cut a piece, best first. */
function gemmaTokenizer(metadata: GgufMetadata): object {
  const vocab = vocabularyOf(metadata);
  const entry = metadata.get("tokenizer.ggml.scores");
  const scores = entry?.kind === "array" && entry.element === "f32" ? entry.value : [];
  const merges: { readonly pair: readonly [string, string]; readonly score: number }[] = [];
  for (const [piece, id] of Object.entries(vocab)) {
    const characters = Array.from(piece);
    for (let cut = 1; cut < characters.length; cut++) {
      const pair = [characters.slice(0, cut).join(""), characters.slice(cut).join("")] as const;
      if (Object.hasOwn(vocab, pair[0]) && Object.hasOwn(vocab, pair[1])) {
        merges.push({ pair, score: scores[id] ?? 0 });
      }
    }
  }
  merges.sort((a, b) => b.score - a.score);
  return {
    model: {
      type: "BPE",
      vocab,
      merges: merges.map(({ pair }) => pair),
      unk_token: "<unk>",
      fuse_unk: true,
      byte_fallback: true,
    },
    added_tokens: userDefined(metadata),
    normalizer: { type: "Replace", pattern: { String: " " }, content: "\u2581" },
    pre_tokenizer: null,
  };
}

/** Tokens that are found before anything else is done (llama.cpp's token type 4), longest first. */
function userDefined(metadata: GgufMetadata): object[] {
  const entry = metadata.get("tokenizer.ggml.token_type");
  const types = entry?.kind === "array" && entry.element === "i32" ? entry.value : [];
  return (textsAt(metadata, "tokenizer.ggml.tokens") ?? [])
    .map((content, id) => ({ id, content, special: false, normalized: false }))
    .filter(({ id }) => types[id] === 4)
    .map((token) => ({ ...token, single_word: false, lstrip: false, rstrip: false }))
    .sort((a, b) => b.content.length - a.content.length);
}

function vocabularyOf(metadata: GgufMetadata): Record<string, number> {
  const tokens = textsAt(metadata, "tokenizer.ggml.tokens") ?? [];
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

test.for([
  ["gemma", gemmaTokenizer, "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"],
  ["smollm2", smolTokenizer, "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"],
] as const)(
  "%s: ids are those of Hugging Face tokenizers",
  async ([, derive, sha256], { skip }) => {
    const path = join(store, sha256);
    skip(!existsSync(path), "the base is not in the store yet");
    using file = openByteFile(path);
    const json = { added_tokens: [], normalizer: null, post_processor: null, decoder: null };
    const hub = new HubTokenizer({ ...json, ...derive(openGguf(file).metadata) }, {});
    await using ours = await openTokenizer(path);
    for (const text of texts) {
      expect({ text, ids: ours.encode(text) }).toEqual({
        text,
        ids: hub.encode(text, { add_special_tokens: false }).ids,
      });
    }
  },
);
