import { existsSync, readFileSync } from "node:fs";
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

/** Copies the adapter of a tune stage to where a person finds it: PEFT's two files and llama.cpp's one. */
export function exportAdapter(stageFolder: string, out: string): void {
  const names = ["adapter_model.safetensors", "adapter_config.json"].map((name) => [
    join(stageFolder, peftFolder, name),
    join(out, peftFolder, name),
  ]);
  const files = [...names, [join(stageFolder, ggufFile), join(out, peftFolder, ggufFile)]];
  for (const [from = "", to = ""] of files) {
    const bytes = readFileSync(from);
    if (!existsSync(to) || !readFileSync(to).equals(bytes)) writeAtomically(to, [bytes]);
  }
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
