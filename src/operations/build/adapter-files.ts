import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openByteFile, writeAtomically } from "../../disk/index.ts";
import type { Adapter, ModelConfig, Projection } from "../../schema/index.ts";
import { adapterGgufChunks, readPeftAdapter, writePeftAdapter } from "../../tune/index.ts";

/** Folder of a tune stage that PEFT, transformers and vLLM load. */
const peftFolder = "adapter";
/** The same adapter as llama.cpp loads it. */
const ggufFile = "adapter.gguf";

/** Writes an adapter in both forms. */
export function writeAdapterFiles(
  folder: string,
  adapter: Adapter,
  config: ModelConfig,
  base: string,
): void {
  for (const { name, chunks } of writePeftAdapter(adapter, config, base)) {
    writeAtomically(join(folder, peftFolder, name), chunks);
  }
  writeAtomically(join(folder, ggufFile), adapterGgufChunks(adapter, config));
}

/** Reads the adapter of a tune stage. */
export function readAdapterFiles(folder: string, config: ModelConfig): Adapter {
  const path = join(folder, peftFolder, "adapter_config.json");
  // Parser boundary: written by writePeftAdapter, its size checked by the store.
  const { lora_alpha: alpha, target_modules: modules } = JSON.parse(readFileSync(path, "utf8")) as {
    readonly lora_alpha: number;
    readonly target_modules: readonly string[];
  };
  using file = openByteFile(join(folder, peftFolder, "adapter_model.safetensors"));
  const projections = modules.map((name) => name.replace(/_proj$/, "") as Projection);
  return readPeftAdapter(file, config, alpha, projections);
}
