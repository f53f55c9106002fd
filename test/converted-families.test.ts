import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getLlama, LlamaLogLevel, type Llama, type Token } from "node-llama-cpp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBase } from "../src/intake/index.ts";

/** Made with transformers and Hugging Face tokenizers by bench/peers/make-family-fixtures.py. */
interface Golden {
  readonly ids: Readonly<Record<string, readonly number[]>>;
  readonly prompt: readonly number[];
  readonly logits: readonly number[];
}

const families = join(import.meta.dirname, "fixtures/families");
let home = "";
let llama: Llama;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "sampan-families-"));
  llama = await getLlama({
    gpu: false,
    build: "never",
    maxThreads: 1,
    logLevel: LlamaLogLevel.disabled,
  });
});
afterAll(async () => {
  await llama.dispose();
  rmSync(home, { recursive: true, force: true });
});

test.each(["llama", "smollm", "mistral", "qwen2", "qwen3", "gemma3"])(
  "a converted %s folder gives llama.cpp the ids and the logits that Hugging Face has",
  async (name) => {
    const base = await openBase(name, {
      home,
      baseFolder: families,
      emit: () => {},
      environment: {},
    });
    const golden = JSON.parse(readFileSync(join(families, name, "golden.json"), "utf8")) as Golden;
    const model = await llama.loadModel({ modelPath: base.path });
    for (const [text, ids] of Object.entries(golden.ids)) {
      expect([text, [...model.tokenize(text, false)]]).toEqual([text, ids]);
    }
    const context = await model.createContext({
      contextSize: 128,
      threads: 1,
      flashAttention: false,
    });
    // Ids of the golden prompt are tokens of this vocabulary.
    const prompt = golden.prompt as unknown as Token[];
    const items = prompt.map((token, i) =>
      i < prompt.length - 1
        ? token
        : ([token, { generateNext: { logits: true as const, token: true as const } }] as const),
    );
    const results = await context.getSequence().controlledEvaluate(items as never);
    const logits = results.at(-1)?.next.logits;
    const differences = golden.logits.map((value, id) => {
      return Math.abs(value - (logits?.get(id as Token) ?? Number.NaN));
    });
    // F16 weights and activations against f32: a spread of 0.8 to 0.95 with errors below a hundredth.
    expect(Math.max(...differences)).toBeLessThan(0.02);
    await model.dispose();
  },
  60_000,
);
