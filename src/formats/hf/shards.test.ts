import { expect, test } from "vitest";
import { memorySource } from "../memory-source.ts";
import { safetensorsChunks } from "../safetensors/write.ts";
import type { ModelFolder } from "./folder.ts";
import { openShards } from "./shards.ts";

function bytesOf(names: readonly string[]): Uint8Array {
  const tensors = names.map((name) => {
    return { name, shape: [1], dtype: "F32" as const, data: () => new Uint8Array(4) };
  });
  return Buffer.concat([...safetensorsChunks(tensors)]);
}

function folder(
  files: Readonly<Record<string, readonly string[]>>,
  index?: Readonly<Record<string, string>>,
): ModelFolder {
  return {
    name: "model",
    text: (file) =>
      file === "model.safetensors.index.json" && index !== undefined
        ? JSON.stringify({ weight_map: index })
        : undefined,
    source(file) {
      const names = files[file];
      return names === undefined ? undefined : memorySource(file, bytesOf(names));
    },
  };
}

test("the text part of a multimodal model gets plain names, under both spellings", () => {
  const older = folder({
    "model.safetensors": [
      "language_model.model.embed_tokens.weight",
      "language_model.model.layers.0.mlp.up_proj.weight",
      "vision_tower.vision_model.x",
      "multi_modal_projector.y",
    ],
  });
  const newer = folder({
    "model.safetensors": [
      "model.language_model.embed_tokens.weight",
      "model.language_model.layers.0.mlp.up_proj.weight",
      "model.vision_tower.x",
      "model.multi_modal_projector.y",
    ],
  });
  const plain = ["model.embed_tokens.weight", "model.layers.0.mlp.up_proj.weight"];
  expect([...openShards(older).keys()].sort()).toEqual(plain);
  expect([...openShards(newer).keys()].sort()).toEqual(plain);
});

test("files are joined by the index", () => {
  const both = { "a.safetensors": ["x"], "b.safetensors": ["y", "z"] };
  const index = { x: "a.safetensors", y: "b.safetensors", z: "b.safetensors" };
  expect([...openShards(folder(both, index)).keys()]).toEqual(["x", "y", "z"]);
});

test.each([
  ["nothing", folder({}), /neither model\.safetensors nor/],
  ["a lost file", folder({}, { x: "a.safetensors" }), /the weight file a\.safetensors is missing/],
  ["a way out", folder({ "../a.safetensors": ["x"] }, { x: "../a.safetensors" }), /is missing/],
  [
    "a lost tensor",
    folder({ "a.safetensors": ["x"] }, { x: "a.safetensors", y: "a.safetensors" }),
    /the tensor y is in none of its files/,
  ],
  [
    "a tensor twice",
    folder(
      { "a.safetensors": ["x"], "b.safetensors": ["x", "y"] },
      { x: "a.safetensors", y: "b.safetensors" },
    ),
    /x is in two files/,
  ],
])("%s is said", (_, broken, message) => {
  expect(() => openShards(broken)).toThrow(message);
});
