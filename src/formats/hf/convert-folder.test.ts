import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SampanError } from "../../kernel/index.ts";
import { boolAt, numberAt, numbersAt, textAt, textsAt } from "../gguf/lookup.ts";
import { openGguf, type GgufFile } from "../gguf/open.ts";
import { ggufWeights } from "../gguf/weights.ts";
import { ggufChunks } from "../gguf/write.ts";
import { memorySource } from "../memory-source.ts";
import { convertFolder } from "./convert-folder.ts";
import type { ModelFolder } from "./folder.ts";
import { openShards } from "./shards.ts";

/** Tiny random models made by bench/peers/make-family-fixtures.py. */
const families = join(import.meta.dirname, "../../../test/fixtures/families");

function fixture(name: string, replaced: Readonly<Record<string, string>> = {}): ModelFolder {
  const folder = join(families, name);
  const read = (file: string): Buffer | undefined =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file)) : undefined;
  return {
    name,
    text: (file) => (file in replaced ? replaced[file] : read(file)?.toString("utf8")),
    source(file) {
      const bytes = read(file);
      return bytes === undefined ? undefined : memorySource(file, bytes);
    },
  };
}

function edited(name: string, file: string, change: (value: Record<string, unknown>) => void) {
  const value = JSON.parse(readFileSync(join(families, name, file), "utf8")) as Record<
    string,
    unknown
  >;
  change(value);
  return fixture(name, { [file]: JSON.stringify(value) });
}

function convert(folder: ModelFolder): GgufFile {
  const { metadata, tensors } = convertFolder(folder);
  return openGguf(memorySource(folder.name, Buffer.concat([...ggufChunks(metadata, tensors)])));
}

describe("conversion", () => {
  test.each([
    ["llama", "llama", "llama-bpe", { headWidth: 8, tiedHead: false, attentionBias: false }],
    ["smollm", "llama", "smollm", { headWidth: 8, tiedHead: true }],
    ["mistral", "llama", "default", { headWidth: 12, tiedHead: false }],
    ["qwen2", "qwen2", "qwen2", { attentionBias: true, ropePairing: "halves" }],
    ["qwen3", "qwen3", "qwen2", { headWidth: 16, headNorm: true }],
    [
      "gemma3",
      "gemma3",
      "default",
      {
        sandwichNorm: true,
        embeddingScale: Math.sqrt(32),
        attentionScale: 1 / 4,
        localAttention: { window: 8, ropeBase: 10_000, globalEvery: 6 },
        ropeBase: 1_000_000,
      },
    ],
  ])("%s becomes a %s model with the pre-tokenizer %s", (name, family, pre, shape) => {
    const file = convert(fixture(name));
    const weights = ggufWeights(file);
    expect(weights.config).toMatchObject({ family, contextLength: 512, ...shape });
    expect(textAt(file.metadata, "tokenizer.ggml.pre")).toBe(pre);
    expect(textsAt(file.metadata, "tokenizer.ggml.tokens")?.length).toBe(weights.config.vocabulary);
    for (const tensorName of weights.tensors.keys()) {
      expect(weights.read(tensorName).every(Number.isFinite)).toBe(true);
    }
  });

  test("Llama's query rows are in interleaved order, its values in the source's", () => {
    const weights = ggufWeights(convert(fixture("llama")));
    const source = (part: string): Float32Array => {
      const key = `model.layers.1.self_attn.${part}.weight`;
      return openShards(fixture("llama")).get(key)?.file.read(key) ?? new Float32Array();
    };
    const [queries, from] = [weights.read("blk.1.attn_q.weight"), source("q_proj")];
    const row = (values: Float32Array, index: number) =>
      values.subarray(index * 32, index * 32 + 32);
    for (const [to, origin] of [0, 4, 1, 5, 2, 6, 3, 7, 8, 12].entries()) {
      expect(row(queries, to)).toEqual(row(from, origin));
    }
    expect(weights.read("blk.1.attn_v.weight")).toEqual(source("v_proj"));
  });

  test("Gemma's norms hold the full factor", () => {
    const key = "model.layers.3.post_feedforward_layernorm.weight";
    const source = openShards(fixture("gemma3")).get(key)?.file.read(key) ?? new Float32Array();
    const norms = ggufWeights(convert(fixture("gemma3"))).read("blk.3.post_ffw_norm.weight");
    expect([...norms]).toEqual([...source].map((value) => Math.fround(value + 1)));
  });

  test("Llama 3's scaling keeps short wavelengths and slows long ones", () => {
    const { ropeFrequencyFactors: factors = [] } = ggufWeights(convert(fixture("llama"))).config;
    expect(factors).toHaveLength(4);
    expect(factors[0]).toBe(1);
    expect(factors.at(-1)).toBeCloseTo(1 / 8);
  });

  test("special tokens, template and ends of text are kept", () => {
    const { metadata } = convert(fixture("smollm"));
    const tokens = textsAt(metadata, "tokenizer.ggml.tokens") ?? [];
    const types = numbersAt(metadata, "tokenizer.ggml.token_type") ?? [];
    const eos = numberAt(metadata, "tokenizer.ggml.eos_token_id") ?? -1;
    expect([tokens[eos], types[eos]]).toEqual(["<|im_end|>", 3]);
    expect(textAt(metadata, "tokenizer.chat_template")).toMatch(/^\{% for m in messages/);
    expect(boolAt(metadata, "tokenizer.ggml.add_bos_token")).toBe(false);
    expect(boolAt(convert(fixture("llama")).metadata, "tokenizer.ggml.add_bos_token")).toBe(true);
  });

  test("embedding rows without a token are filled up", () => {
    const { metadata } = convert(fixture("qwen2"));
    expect(textsAt(metadata, "tokenizer.ggml.tokens")?.at(-1)).toBe("[PAD447]");
  });

  test("an added token beyond the rows is left out, a piece beyond them refused", () => {
    const image = { id: 10_000, content: "<image>", special: true };
    const added = edited("gemma3", "tokenizer.json", (file) =>
      Object.assign(file, { added_tokens: [...(file["added_tokens"] as unknown[]), image] }),
    );
    const tokens = textsAt(convert(added).metadata, "tokenizer.ggml.tokens");
    expect(tokens).not.toContain("<image>");
    const piece = edited("gemma3", "tokenizer.json", (file) =>
      Object.assign((file["model"] as { vocab: object }).vocab, { zzz: 10_000 }),
    );
    expect(() => convert(piece)).toThrow(/"zzz" has id 10000, but the embedding/);
  });

  test("the same folder gives the same bytes", () => {
    const bytes = (): Buffer => {
      const { metadata, tensors } = convertFolder(fixture("gemma3"));
      return Buffer.concat([...ggufChunks(metadata, tensors)]);
    };
    expect(bytes().equals(bytes())).toBe(true);
  });

  test("the older keys of config.json say the same", () => {
    const older = edited("gemma3", "config.json", (config) => {
      delete config["rope_parameters"];
      delete config["layer_types"];
      Object.assign(config, { rope_theta: 1e6, rope_local_base_freq: 1e4 });
    });
    expect(ggufWeights(convert(older)).config).toEqual(
      ggufWeights(convert(fixture("gemma3"))).config,
    );
  });

  test("the text part of a multimodal config is taken", () => {
    const text = JSON.parse(readFileSync(join(families, "gemma3/config.json"), "utf8")) as object;
    const config = JSON.stringify({ model_type: "gemma3", text_config: text, vision_config: {} });
    const file = convert(fixture("gemma3", { "config.json": config }));
    expect(ggufWeights(file).config.family).toBe("gemma3");
  });
});

describe("what is not supported is refused by name", () => {
  const change = (name: string, key: string, value: unknown) =>
    edited(name, "config.json", (config) => Object.assign(config, { [key]: value }));
  test.each([
    ["a family", change("llama", "model_type", "phi3"), /model type "phi3"/],
    ["an activation", change("llama", "hidden_act", "relu"), /activation "relu"/],
    ["a bias", change("llama", "attention_bias", true), /attention_bias/],
    ["windows", change("qwen2", "use_sliding_window", true), /windowed attention/],
    ["capping", change("gemma3", "final_logit_softcapping", 30), /final_logit_softcapping/],
    ["a query scale", change("gemma3", "query_pre_attn_scalar", 99), /query_pre_attn_scalar 99/],
    [
      "layers without a period",
      change("gemma3", "layer_types", ["full_attention", "sliding_attention", "full_attention"]),
      /without a period/,
    ],
    [
      "rope scaling",
      change("qwen2", "rope_parameters", { rope_type: "yarn", factor: 4 }),
      /scaling of type "yarn"/,
    ],
    [
      "a missing head",
      change("smollm", "tie_word_embeddings", false),
      /lm_head\.weight is missing/,
    ],
    [
      "a split",
      edited("smollm", "tokenizer.json", (file) =>
        Object.assign(file, { pre_tokenizer: { type: "ByteLevel", add_prefix_space: true } }),
      ),
      /splits text in a way that is not known here \(bytes:words:prefix\)/,
    ],
    [
      "merges of another kind",
      edited("mistral", "tokenizer.json", (file) => {
        const model = file["model"] as { merges: unknown[] };
        model.merges = model.merges.filter((_, index) => index % 2 === 0);
      }),
      /merges are not SentencePiece's/,
    ],
  ])("%s", (_, folder, message) => {
    expect(() => convert(folder)).toThrow(message);
    expect(codeOf(folder)).toBe("base-unsupported");
  });

  test.each([
    ["no config", fixture("llama", { "config.json": "{" }), /config\.json, byte 0: not JSON/],
    ["a number as text", change("llama", "hidden_size", "32"), /hidden_size/],
    ["an odd head", change("llama", "head_dim", 7), /7 wide/],
    [
      "deep JSON",
      fixture("llama", { "tokenizer.json": `{"normalizer":${"[".repeat(1e5)}${"]".repeat(1e5)}}` }),
      /tokenizer\.json/,
    ],
    [
      "a path out of the folder",
      fixture("llama", {
        "model.safetensors.index.json": JSON.stringify({ weight_map: { a: "../x.safetensors" } }),
      }),
      /\.\.\/x\.safetensors is missing/,
    ],
  ])("%s is damage", (_, folder, message) => {
    expect(() => convert(folder)).toThrow(message);
    expect(codeOf(folder)).toBe("format-corrupt");
  });

  test("a tensor too few is damage, one too many a variant", () => {
    const layers = (count: number) => change("llama", "num_hidden_layers", count);
    const open = (count: number) => () => ggufWeights(convert(layers(count)));
    expect(open(3)).toThrow(/blk\.2\.attn_norm\.weight is missing/);
    expect(open(1)).toThrow(/blk\.1\.attn_k\.weight is not part of a llama model/);
  });
});

function codeOf(folder: ModelFolder): string | undefined {
  try {
    convert(folder);
    return undefined;
  } catch (thrown) {
    return SampanError.isInstance(thrown) ? thrown.code : String(thrown);
  }
}
