import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTuneFixture } from "../../test/tune-fixture.ts";
import { sha256 } from "../kernel/index.ts";
import type { Adapter } from "../schema/index.ts";
import { gradientsOf, logitsOf, lossOf } from "./probe.ts";
import { tune } from "./tune.ts";
import type { TuneExample, TuneRequest } from "./tune-request.ts";

const folder = mkdtempSync(join(tmpdir(), "sampan-tune-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The answer tells which of two tokens the prompt holds: learnable in a few steps. */
const examples = Array.from({ length: 60 }, (_, i): TuneExample => {
  const key = i % 2;
  return { id: `${i}`, prompt: [5 + (i % 7), 20 + key, 12], answer: [30 + key, 1] };
});

function request(name: string, more: Partial<TuneRequest> = {}): TuneRequest {
  let now = 0;
  return {
    weights: readTuneFixture("gemma3").weights,
    weightsDigest: "tiny",
    train: examples.slice(0, 48),
    validation: examples.slice(48),
    allowed: [1, 30, 31],
    settings: { rank: 2, epochs: 5, batchTokens: 64, learningRate: 0.05 },
    seed: 1,
    threads: 1,
    workFolder: join(folder, name),
    clock: () => (now += 5),
    ...more,
  };
}

function digest(adapter: Adapter): string {
  const parts = adapter.pairs.flatMap(({ a, b }) => [a, b]);
  return sha256(
    Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength))),
  );
}

test("it learns, and the same request gives the same bytes", async () => {
  const first = await tune(request("a"));
  expect(first.losses.at(-1)?.train).toBeLessThan((first.losses[0]?.train ?? 0) / 3);
  expect(first.losses.at(-1)?.validation).toBeDefined();
  expect(first.trainedTokens).toBe(5 * 48 * 5);
  expect(first.reasons["rank"]).toBe("set by the task");
  const again = await tune(request("b"));
  expect(digest(again.adapter)).toBe(digest(first.adapter));
  const other = await tune(request("c", { seed: 2 }));
  expect(digest(other.adapter)).not.toBe(digest(first.adapter));
  expect(readdirSync(join(folder, "a"))).toEqual([expect.stringMatching(/^frozen-/)]);
});

test("stopped after any step and started again, it ends with the same bytes", async () => {
  const whole = digest((await tune(request("whole"))).adapter);
  for (const stopAt of [1, 6, 14]) {
    const controller = new AbortController();
    const stopped = tune(
      request("resumed", {
        signal: controller.signal,
        onProgress: ({ step }) => step === stopAt && controller.abort(),
      }),
    );
    await expect(stopped).rejects.toMatchObject({ code: "interrupted" });
    const steps: number[] = [];
    const resumed = await tune(request("resumed", { onProgress: ({ step }) => steps.push(step) }));
    expect(steps[0]).toBe(stopAt + 1);
    expect(digest(resumed.adapter)).toBe(whole);
  }
});

test("a checkpoint that was damaged, or is another tuning's, is not continued", async () => {
  const stop = async (name: string) => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await tune(request(name, { signal: controller.signal, onProgress })).catch(() => undefined);
    return join(folder, name, "tune.checkpoint");
  };
  const firstStep = async (name: string, more: Partial<TuneRequest> = {}) => {
    const steps: number[] = [];
    await tune(request(name, { ...more, onProgress: ({ step }) => steps.push(step) }));
    return steps[0];
  };
  const path = await stop("flipped");
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9);
  writeFileSync(path, bytes);
  expect(await firstStep("flipped")).toBe(1);
  writeFileSync(await stop("cut"), bytes.subarray(0, 100));
  expect(await firstStep("cut")).toBe(1);
  await stop("other");
  expect(await firstStep("other", { seed: 9 })).toBe(1);
});

test("it stops early when validation gets worse, and keeps the best", async () => {
  const wrong = examples
    .slice(48)
    .map((one) => ({ ...one, answer: [one.answer[0] === 30 ? 31 : 30, 1] }));
  const result = await tune(
    request("early", {
      validation: wrong,
      settings: { rank: 2, epochs: 10, batchTokens: 64, learningRate: 0.02 },
    }),
  );
  expect(result.stoppedEarly).toBe(true);
  const measured = result.losses.flatMap(({ validation }) => validation ?? []);
  expect(measured.length).toBeLessThan(10);
});

test("impossible requests are refused by name", async () => {
  await expect(tune(request("none", { train: [] }))).rejects.toMatchObject({
    code: "data-invalid",
  });
  const foreign = [{ id: "x", prompt: [99], answer: [1] }];
  await expect(tune(request("foreign", { train: foreign }))).rejects.toThrow(/token 99/);
  const forbidden = [{ id: "record-7", prompt: [3], answer: [8] }];
  await expect(tune(request("forbidden", { train: forbidden }))).rejects.toThrow(
    /record-7.*token 8/,
  );
  const rivals = [
    { id: "record-8", prompt: [3], answer: [30], decisions: [{ at: 0, among: [30, 9] }] },
  ];
  await expect(tune(request("rivals-forbidden", { train: rivals }))).rejects.toThrow(
    /record-8.*token 9/,
  );
});

test("a decision is judged against its own rivals alone", async () => {
  const { weights, weightsDigest, workFolder, allowed, threads } = request("decisions");
  const adapter = (await tune(request("rivals"))).adapter;
  const probe = { weights, weightsDigest, workFolder, allowed, threads, adapter };
  const example = examples[0] ?? { id: "", prompt: [], answer: [] };
  const logits = (await logitsOf({ ...probe, examples: [example] })).get(example.id) ?? [];
  // Allowed are 1, 30, 31 in this order; the answer's first token is 30.
  const [, right = 0, wrong = 0] = logits;
  const decisions = [{ at: 0, among: [31, 30] }];
  const loss = await lossOf({ ...probe, examples: [{ ...example, decisions }] });
  expect(loss).toBeCloseTo(Math.log1p(Math.exp(wrong - right)), 5);
  const judged = await logitsOf({ ...probe, examples: [{ ...example, decisions }] });
  expect(judged.get(example.id)?.length).toBe(allowed?.length);
  const gradient = await gradientsOf({ ...probe, examples: [{ ...example, decisions }] });
  expect(gradient.loss).toBeCloseTo(loss, 5);
});
