import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memorySource, openSafetensors } from "../src/formats/index.ts";
import type { Adapter, ModelConfig, Weights } from "../src/schema/index.ts";
import type { TuneExample } from "../src/tune/index.ts";
import { adapterOf, allProjections, layOutAdapter } from "../src/tune/model/adapter-layout.ts";

/** A tiny random model with what PyTorch and PEFT computed on it (bench/peers/make-tune-fixtures.py). */
export interface TuneFixture {
  readonly weights: Weights;
  readonly examples: readonly TuneExample[];
  readonly adapter: Adapter;
  readonly loss: number;
  readonly gradient: Adapter;
}

interface Golden {
  readonly config: ModelConfig;
  readonly rank: number;
  readonly alpha: number;
  readonly examples: readonly TuneExample[];
  readonly loss: number;
}

export function readTuneFixture(family: string): TuneFixture {
  const path = join(import.meta.dirname, "fixtures/tune", family);
  const golden = JSON.parse(readFileSync(`${path}.json`, "utf8")) as Golden;
  const file = openSafetensors(memorySource(family, readFileSync(`${path}.safetensors`)));
  const { config, rank, alpha, examples, loss } = golden;
  const tensors = new Map(
    [...file.tensors.values()]
      .filter(({ name }) => !/^(adapter|gradient)\./.test(name))
      .map(({ name, shape }) => [name, { name, shape, encoding: "F32" }]),
  );
  const weights: Weights = {
    config,
    tensors,
    read: (name) => file.read(name),
    readRows(name, rows) {
      const values = file.read(name);
      const width = tensors.get(name)?.shape[1] ?? 1;
      return Float32Array.from(
        [...rows].flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]),
      );
    },
  };
  const empty = new Float32Array(layOutAdapter(config, rank, allProjections).size);
  const shape = adapterOf(layOutAdapter(config, rank, allProjections), empty, alpha);
  const read = (kind: string): Adapter => ({
    ...shape,
    pairs: shape.pairs.map((pair) => ({
      ...pair,
      a: file.read(`${kind}.a.${pair.target}`),
      b: file.read(`${kind}.b.${pair.target}`),
    })),
  });
  return { weights, examples, loss, adapter: read("adapter"), gradient: read("gradient") };
}
