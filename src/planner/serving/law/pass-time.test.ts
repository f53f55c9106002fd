import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Chip } from "../../chip.ts";
import { readConfig } from "../../work/read-config.ts";
import { resolveServing } from "./coefficients.ts";
import { cacheRoom, sequencesAtOnce } from "./capacity.ts";
import { readBytes, sequenceBytes } from "./kv-cache.ts";
import { passTime } from "./pass-time.ts";
import { passWork, touchedExperts } from "./pass-work.ts";
import type { ServingSetup } from "./setup.ts";

const wire = { name: "wire", bandwidth: 400e9, latency: 3e-6, efficiency: 0.8 };
const chip: Chip = {
  id: "chip",
  name: "a chip",
  vendor: "nobody",
  family: "family",
  memory: 80e9,
  memoryBandwidth: 3e12,
  peaks: { bf16: 1e15, fp8: 2e15 },
  scaleUp: wire,
  domain: 8,
  power: 700,
  launched: 2023,
};

const llama = readConfig(
  {
    model_type: "llama",
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14_336,
    vocab_size: 128_256,
  },
  "Llama-3.1-8B",
);

function setupOf(changes: Partial<ServingSetup>): ServingSetup {
  return {
    model: llama,
    chip,
    fabric: { domain: 8, up: wire, out: wire },
    weights: "bf16",
    cache: "bf16",
    tensor: 1,
    pipeline: 1,
    attentionData: 1,
    expertParallel: false,
    passTokens: 8_192,
    maxSequences: 1_024,
    memoryShare: 0.9,
    ...changes,
  };
}

const circumstances = { chip: "chip", family: "family", sparse: false };
const { coefficients } = resolveServing({}, circumstances);

describe("the work of a pass", () => {
  it("holds as many bytes as the model has weights", () => {
    const { weightBytes } = passWork(setupOf({}));
    // 8.03 B parameters of two bytes.
    expect(weightBytes / 2 / 8.03e9).toBeCloseTo(1, 2);
  });

  it("keeps 128 KiB of cache per token of Llama-3.1-8B (Meta's own figure)", () => {
    const { cache } = passWork(setupOf({}));
    expect(sequenceBytes(cache, 1)).toBe(2 * 32 * 8 * 128 * 2);
    expect(readBytes(cache, 100)).toBe(100 * 131_072);
  });

  it("touches all experts with many tokens and as many as are picked with one", () => {
    expect(touchedExperts(128, 8, 1)).toBeCloseTo(8, 9);
    expect(touchedExperts(128, 8, 1e4)).toBeCloseTo(128, 9);
  });

  it("halves weights and cache per rank with two ranks", () => {
    const one = passWork(setupOf({}));
    const two = passWork(setupOf({ tensor: 2 }));
    expect(two.weightBytes / one.weightBytes).toBeCloseTo(0.5, 3);
    expect(sequenceBytes(two.cache, 10) / sequenceBytes(one.cache, 10)).toBe(0.5);
  });
});

describe("laws of a pass", () => {
  const load = fc.record({
    decode: fc.integer({ min: 0, max: 512 }),
    context: fc.integer({ min: 1, max: 32_000 }),
    prefill: fc.integer({ min: 1, max: 8_192 }),
    keys: fc.integer({ min: 1, max: 16_000 }),
  });

  it("is never slower with more bandwidth or a higher peak", () => {
    fc.assert(
      fc.property(load, fc.double({ min: 1, max: 8, noNaN: true }), (one, factor) => {
        const slow = passTime(passWork(setupOf({})), one, coefficients).total;
        const wide = { ...chip, memoryBandwidth: chip.memoryBandwidth * factor };
        const peaks = { bf16: 1e15 * factor };
        const quick = { ...chip, peaks };
        expect(
          passTime(passWork(setupOf({ chip: wide })), one, coefficients).total,
        ).toBeLessThanOrEqual(slow * (1 + 1e-9));
        expect(
          passTime(passWork(setupOf({ chip: quick })), one, coefficients).total,
        ).toBeLessThanOrEqual(slow * (1 + 1e-9));
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("is never quicker with more sequences or longer contexts", () => {
    const work = passWork(setupOf({}));
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 500 }), (one, more) => {
        const base = passTime(work, one, coefficients).total;
        const wider = { ...one, decode: one.decode + more };
        const longer = { ...one, context: one.context + more };
        expect(passTime(work, wider, coefficients).total).toBeGreaterThanOrEqual(base);
        expect(passTime(work, longer, coefficients).total).toBeGreaterThanOrEqual(base);
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it("holds no fewer sequences with more memory", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), fc.integer({ min: 1, max: 100 }), (a, b) => {
        const small = passWork(setupOf({ chip: { ...chip, memory: a * 1e9 } }));
        const large = passWork(setupOf({ chip: { ...chip, memory: (a + b) * 1e9 } }));
        expect(cacheRoom(large)).toBeGreaterThanOrEqual(cacheRoom(small));
        expect(sequencesAtOnce(large, 2_000)).toBeGreaterThanOrEqual(sequencesAtOnce(small, 2_000));
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it("adds its parts up", () => {
    const { total, ...parts } = passTime(
      passWork(setupOf({ tensor: 4 })),
      { decode: 16, context: 500, prefill: 100, keys: 50 },
      coefficients,
    );
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 12);
  });
});
