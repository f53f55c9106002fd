import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tokenizer as HubTokenizer } from "@huggingface/tokenizers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openByteFile } from "../../src/disk/index.ts";
import { openGguf } from "../../src/formats/index.ts";
import { openTokenizer } from "../../src/runtime/index.ts";
import { loadLlamaCpp } from "../../src/runtime/llama-cpp.ts";
import {
  Encoder,
  readTokenTable,
  tokenizerFiles,
  trimVocabulary,
} from "../../src/vocabulary/index.ts";

const store = join(
  process.env["SAMPAN_HOME"] ?? join(import.meta.dirname, "../../.sampan"),
  "files",
);
const corpus = [
  "canned milk merchant wholesalers\n",
  "Men's and boys' suits, 1600 Pennsylvania Ave NW\n",
  "采购订单已于二〇二四年七月送达，共计壹万贰仟元整；联系人：张丽。\n",
];
const strange = [
  "<bos></s><|im_start|>user<end_of_turn>",
  "龘靐齉 ０１２３ 👩🏽‍🚀🇨🇳 é e\u0301",
  "\u0000\u0001\u007f\u200b\u202e\ufeff\u{10ffff}",
  "\ud800 alone",
  `${" ".repeat(3000)}x${"\n".repeat(70)}`,
  '{"a":[1.5e-3,"\\u0041\\\\"]}',
];

describe.each([
  ["gemma-3-270m", "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"],
  ["smollm2-135m-instruct", "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"],
])("%s trimmed", (_, sha256) => {
  const path = join(store, sha256);
  const missing = !existsSync(path);
  const folder = mkdtempSync(join(tmpdir(), "sampan-trimmed-"));
  const out = join(folder, "model.gguf");
  let kept: Int32Array = new Int32Array();
  beforeAll(() => {
    if (missing) return;
    kept = trimVocabulary({ path, digest: sha256, texts: () => corpus, out }).choice.kept;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.skipIf(missing)("ids are those of llama.cpp and of Hugging Face tokenizers", async () => {
    await using whole = await openTokenizer(path);
    await using trimmed = await openTokenizer(out);
    using file = openByteFile(out);
    const gguf = openGguf(file);
    const encoder = new Encoder(readTokenTable(gguf));
    const [json, settings] = tokenizerFiles(encoder.table, gguf.metadata);
    const hub = new HubTokenizer({ ...json?.content }, { ...settings?.content });
    for (const text of [...corpus, ...strange]) {
      const ids = trimmed.encode(text);
      expect({ text, ids: encoder.encode(text) }).toEqual({ text, ids });
      expect(encoder.decode(ids)).toBe(text.toWellFormed());
      const controlled = trimmed.encodeSpecial(text);
      const theirs = hub.encode(text.toWellFormed(), { add_special_tokens: false }).ids;
      expect({ text, ids: theirs }).toEqual({ text, ids: controlled });
    }
    for (const text of corpus) {
      expect(trimmed.encode(text).map((id) => kept[id])).toEqual(whole.encode(text));
    }
  });

  test.skipIf(missing)("logits of kept tokens are the same to the last bit", async () => {
    await using tokenizer = await openTokenizer(out);
    const ids = tokenizer.encode(corpus.join(""));
    const now = await logitsAfter(out, ids);
    const before = await logitsAfter(
      path,
      ids.map((id) => kept[id] ?? 0),
    );
    const unlike = [...now].filter(([id, logit]) => before.get(kept[id] ?? -1) !== logit);
    expect(now.size).toBe(kept.length);
    expect(unlike).toEqual([]);
  });
});

/** Every token's logit after these ids. */
async function logitsAfter(path: string, ids: readonly number[]): Promise<Map<number, number>> {
  const library = await loadLlamaCpp();
  const model = await library.loadModel(path, { vocabularyOnly: false });
  const context = await library.createContext(model, {
    threads: 2,
    sequences: 1,
    contextTokens: 256,
    batchTokens: 256,
  });
  const sampler = library.createSampler(model);
  sampler.applyConfig({ temperature: 1, seed: 1 });
  context.setThreads(2);
  context.initBatch(ids.length);
  const last = Uint32Array.of(ids.length - 1);
  const [index = 0] = context.addToBatch(0, 0, Uint32Array.from(ids), last);
  await context.decodeBatch();
  const [, , , pairs] = await context.sampleToken(index, sampler, false, false, true);
  const logits = new Map<number, number>();
  for (let i = 0; i + 1 < pairs.length; i += 2) logits.set(pairs[i] ?? 0, pairs[i + 1] ?? 0);
  sampler.dispose();
  await context.dispose();
  await model.dispose();
  return logits;
}
