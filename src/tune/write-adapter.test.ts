import { expect, test } from "vitest";
import { readTuneFixture } from "../../test/tune-fixture.ts";
import { memorySource, openGguf, openSafetensors } from "../formats/index.ts";
import { adapterGgufChunks } from "./write-gguf-adapter.ts";
import { readPeftAdapter, writePeftAdapter } from "./write-peft.ts";

function bytesOf(chunks: Iterable<Uint8Array | string>): Buffer {
  return Buffer.concat([...chunks].map((chunk) => Buffer.from(chunk)));
}

test.each(["llama", "gemma3"])("a PEFT folder of %s reads back as the same adapter", (family) => {
  const { adapter, weights } = readTuneFixture(family);
  const [model, settings] = writePeftAdapter(adapter, weights.config, "a/base");
  const source = memorySource("adapter", bytesOf(model?.chunks ?? []));
  const back = readPeftAdapter(source, weights.config, adapter.alpha, adapter.modules);
  expect(back).toEqual(adapter);
  const parsed: unknown = JSON.parse(bytesOf(settings?.chunks ?? []).toString());
  expect(parsed).toMatchObject({
    peft_type: "LORA",
    r: 2,
    lora_alpha: 6,
    base_model_name_or_path: "a/base",
  });
});

test("rows of q in the Llama family leave GGUF's order for Hugging Face's", () => {
  const { adapter, weights } = readTuneFixture("llama");
  const [model] = writePeftAdapter(adapter, weights.config, "");
  const file = openSafetensors(memorySource("adapter", bytesOf(model?.chunks ?? [])));
  const written = file.read("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight");
  const ours = adapter.pairs.find(({ target }) => target === "blk.0.attn_q.weight")?.b;
  // Head width 8, rank 2: row 1 of Hugging Face is row 2 of GGUF, row 4 is row 1.
  expect(written.slice(2, 4)).toEqual(ours?.slice(4, 6));
  expect(written.slice(8, 10)).toEqual(ours?.slice(2, 4));
});

test("a GGUF adapter holds llama.cpp's keys and tensors", () => {
  const { adapter, weights } = readTuneFixture("qwen3");
  const file = openGguf(memorySource("lora", bytesOf(adapterGgufChunks(adapter, weights.config))));
  expect(file.metadata.get("general.architecture")).toEqual({ kind: "text", value: "qwen3" });
  expect(file.metadata.get("adapter.lora.alpha")).toEqual({ kind: "f32", value: 6 });
  expect(file.tensors.size).toBe(2 * adapter.pairs.length);
  expect(file.tensors.get("blk.1.ffn_down.weight.lora_a")?.shape).toEqual([2, 24]);
  expect(file.tensors.get("blk.1.ffn_down.weight.lora_b")?.shape).toEqual([16, 2]);
});

test("an adapter of another base is refused", () => {
  const { adapter, weights } = readTuneFixture("qwen3");
  const [model] = writePeftAdapter(adapter, weights.config, "");
  const source = memorySource("adapter", bytesOf(model?.chunks ?? []));
  const wider = { ...weights.config, width: 32 };
  expect(() => readPeftAdapter(source, wider, 6, adapter.modules)).toThrow(/another/);
});
