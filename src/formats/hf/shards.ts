import { z } from "zod";
import { corrupt } from "../corrupt.ts";
import { openSafetensors, type SafetensorsFile } from "../safetensors/open.ts";
import { readJsonFile, type ModelFolder } from "./folder.ts";

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });
const maximalShards = 512;

/** Every tensor of the folder under its plain name, with the file that holds it. */
export type ShardedTensors = ReadonlyMap<
  string,
  { readonly file: SafetensorsFile; readonly key: string }
>;

/**
 * Opens `model.safetensors`, or all files that `model.safetensors.index.json` names. Text parts of a
 * multimodal model get their plain names; its other parts are left out.
 */
export function openShards(folder: ModelFolder): ShardedTensors {
  const single = folder.source("model.safetensors");
  const files = single === undefined ? openIndexed(folder) : [openSafetensors(single)];
  const tensors = new Map<string, { file: SafetensorsFile; key: string }>();
  for (const file of files) {
    for (const key of file.tensors.keys()) {
      const name = plainName(key);
      if (name === undefined) continue;
      if (tensors.has(name)) throw corrupt(file.name, 8, `${name} is in two files`);
      tensors.set(name, { file, key });
    }
  }
  return tensors;
}

function openIndexed(folder: ModelFolder): SafetensorsFile[] {
  const index = readJsonFile(folder, "model.safetensors.index.json", indexSchema);
  if (index === undefined) {
    throw corrupt(
      folder.name,
      0,
      "there is neither model.safetensors nor model.safetensors.index.json",
      "Weights must be in safetensors; convert .bin files with the model's own tools first.",
    );
  }
  const names = [...new Set(Object.values(index.weight_map))].sort();
  if (names.length > maximalShards) throw corrupt(folder.name, 0, `${names.length} weight files`);
  const files = names.map((name) => {
    // A name with a path in it could point outside the folder.
    const source = /^[\w.-]+\.safetensors$/.test(name) ? folder.source(name) : undefined;
    if (source === undefined) throw corrupt(folder.name, 0, `the weight file ${name} is missing`);
    return openSafetensors(source);
  });
  const present = new Set(files.flatMap((file) => [...file.tensors.keys()]));
  const lost = Object.keys(index.weight_map).find((key) => !present.has(key));
  if (lost !== undefined)
    throw corrupt(folder.name, 0, `the tensor ${lost} is in none of its files`);
  return files;
}

/** Gemma 3's multimodal files put the text model one level deeper, under two spellings. */
function plainName(key: string): string | undefined {
  if (/(^|\.)(vision_tower|multi_modal_projector)\./.test(key)) return undefined;
  return key.replace(/^language_model\./, "").replace(/^model\.language_model\./, "model.");
}
