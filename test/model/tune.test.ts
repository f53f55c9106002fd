import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openByteFile } from "../../src/disk/index.ts";
import { ggufWeights, openGguf } from "../../src/formats/index.ts";
import { openBase } from "../../src/intake/index.ts";
import { Random } from "../../src/kernel/index.ts";
import type { Adapter } from "../../src/schema/index.ts";
import { gradientsOf, tune, type TuneExample } from "../../src/tune/index.ts";
import { adapterOf, allProjections, layOutAdapter } from "../../src/tune/model/adapter-layout.ts";

const home = process.env["SAMPAN_HOME"] ?? join(import.meta.dirname, "../../.sampan");
const workFolder = mkdtempSync(join(tmpdir(), "sampan-model-tune-"));
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

/** Two kinds of prompts and their answers, in ids that every vocabulary has. */
const examples = Array.from({ length: 16 }, (_, i): TuneExample => {
  const kind = i % 2;
  const prompt = [900 + kind, 1000 + i, 1100 + ((i * 37) % 50), 700];
  return { id: `${i}`, prompt, answer: [400 + kind, 2] };
});
const allowed = [2, 400, 401];

describe.each(["smollm2-135m-instruct", "gemma-3-270m"])("%s", (name) => {
  const open = async () => {
    const base = await openBase(name, {
      home,
      baseFolder: import.meta.dirname,
      emit: () => {},
      environment: {},
    });
    const file = openByteFile(base.path);
    const weights = ggufWeights(openGguf(file));
    return { weights, weightsDigest: base.sha256, [Symbol.dispose]: () => file[Symbol.dispose]() };
  };

  test("gradients: the same bytes from 1 and 2 threads; alike from 8-bit products", async () => {
    using base = await open();
    const layout = layOutAdapter(base.weights.config, 4, allProjections);
    const random = new Random(1, "model test");
    const values = Float32Array.from({ length: layout.size }, () => 0.02 * random.normal());
    const adapter = adapterOf(layout, values, 8);
    const gradient = async (threads: number, arithmetic: "f32" | "int8") => {
      const request = { ...base, adapter, examples, allowed, workFolder };
      return flat((await gradientsOf({ ...request, threads, arithmetic })).gradient);
    };
    for (const arithmetic of ["f32", "int8"] as const) {
      const one = await gradient(1, arithmetic);
      expect(Buffer.compare(one, await gradient(2, arithmetic))).toBe(0);
    }
    const cosine = cosineOf(await gradient(2, "int8"), await gradient(2, "f32"));
    expect(cosine).toBeGreaterThan(0.8);
  });

  test("a few steps bring the loss down", async () => {
    using base = await open();
    const result = await tune({
      ...base,
      train: examples,
      validation: examples.slice(0, 4),
      allowed,
      settings: { rank: 4, epochs: 4, batchTokens: 64, learningRate: 2e-3 },
      seed: 1,
      threads: 2,
      workFolder,
      clock: () => performance.now(),
    });
    const [first, last] = [result.losses[0]?.train ?? 0, result.losses.at(-1)?.train ?? Infinity];
    expect(last).toBeLessThan(first / 2);
  });
});

function flat({ pairs }: Adapter): Buffer {
  return Buffer.concat(
    pairs.flatMap(({ a, b }) =>
      [a, b].map((part) => Buffer.from(new Uint8Array(part.slice().buffer))),
    ),
  );
}

function cosineOf(a: Buffer, b: Buffer): number {
  const [x, y] = [a, b].map((bytes) => new Float32Array(new Uint8Array(bytes).buffer));
  let [dot, xx, yy] = [0, 0, 0];
  for (let i = 0; i < (x?.length ?? 0); i++) {
    const [p, q] = [x?.[i] ?? 0, y?.[i] ?? 0];
    dot += p * q;
    xx += p * p;
    yy += q * q;
  }
  return dot / Math.sqrt(xx * yy);
}
