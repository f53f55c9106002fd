import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readTuneFixture } from "../../test/tune-fixture.ts";
import type { Adapter } from "../schema/index.ts";
import { gradientsOf, logitsOf, lossOf } from "./probe.ts";

const workFolder = mkdtempSync(join(tmpdir(), "sampan-golden-"));
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

/** |a - b| / |b|, Euclidean. */
function relativeError(a: Float32Array, b: Float32Array): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] ?? NaN) - (b[i] ?? NaN)) ** 2;
    norm += (b[i] ?? NaN) ** 2;
  }
  return Math.sqrt(difference / norm);
}

describe.each(["llama", "qwen2", "qwen3", "gemma3"])("%s", (family) => {
  const fixture = readTuneFixture(family);
  const request = {
    ...fixture,
    weightsDigest: family,
    allowed: undefined,
    threads: 1,
    workFolder,
  };

  test("loss and every gradient equal PyTorch's", async () => {
    const { loss, gradient } = await gradientsOf(request);
    expect(Math.abs(loss - fixture.loss) / fixture.loss).toBeLessThan(1e-5);
    for (const [index, pair] of gradient.pairs.entries()) {
      const expected = fixture.gradient.pairs[index];
      expect(pair.target).toBe(expected?.target);
      expect(relativeError(pair.a, expected?.a ?? pair.a), `A of ${pair.target}`).toBeLessThan(
        1e-4,
      );
      expect(relativeError(pair.b, expected?.b ?? pair.b), `B of ${pair.target}`).toBeLessThan(
        1e-4,
      );
    }
  });

  test("8-bit products give nearly the same gradient", async () => {
    const { loss, gradient } = await gradientsOf({ ...request, arithmetic: "int8" });
    expect(Math.abs(loss - fixture.loss) / fixture.loss).toBeLessThan(0.02);
    const flat = ({ pairs }: Adapter) => pairs.flatMap(({ a, b }) => [...a, ...b]);
    const ours = Float32Array.from(flat(gradient));
    expect(relativeError(ours, Float32Array.from(flat(fixture.gradient)))).toBeLessThan(0.12);
  });

  test("the loss-only graph and the logits agree with it", async () => {
    expect(await lossOf(request)).toBeCloseTo(fixture.loss, 5);
    const logits = await logitsOf(request);
    const example = fixture.examples[0];
    const width = fixture.weights.config.vocabulary;
    expect(logits.get("0")?.length).toBe((example?.answer.length ?? 0) * width);
  });
});
