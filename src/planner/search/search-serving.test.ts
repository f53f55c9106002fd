import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Chip } from "../chip.ts";
import type { PriceValues } from "../money/fleet-prices.ts";
import { readConfig } from "../work/read-config.ts";
import { launchServing } from "./launch-serving.ts";
import { searchServing, type ServingSearch } from "./search-serving.ts";

const wire = { name: "up", bandwidth: 300e9, latency: 3e-6, efficiency: 0.8 };
const chip: Chip = {
  id: "a-chip",
  name: "A chip",
  vendor: "nobody",
  family: "none",
  memory: 80e9,
  memoryBandwidth: 3e12,
  peaks: { bf16: 900e12, fp8: 1_800e12 },
  scaleUp: wire,
  domain: 8,
  power: 700,
  launched: 2023,
};
const model = readConfig(
  {
    model_type: "llama",
    hidden_size: 8_192,
    num_hidden_layers: 80,
    num_attention_heads: 64,
    num_key_value_heads: 8,
    intermediate_size: 28_672,
    vocab_size: 128_256,
  },
  "70B",
);
const prices = { power: 700, powerShare: 0.6, hostPower: 1.4, pue: 1.3 } as PriceValues; // All that energy reads.
const search: ServingSearch = {
  model,
  chip,
  fabric: { domain: 8, up: wire, out: wire },
  available: 8,
  sizes: { input: 500, output: 100, reused: 0, spread: 0.5 },
  table: {},
  circumstances: { chip: "a-chip", family: "none", sparse: false },
  weights: ["bf16", "fp8", "int4"],
  cache: ["bf16"],
  prices,
  usdPerHour: 3,
  objective: "cost",
  keep: 3,
};
const limits = fc.record({
  timePerToken: fc.double({ min: 0.005, max: 0.2, noNaN: true }),
  timeToFirst: fc.double({ min: 0.02, max: 5, noNaN: true }),
});

describe("search for a service", () => {
  test("70 B in 16 bits need more than one accelerator; in 4 bits one holds them", () => {
    const found = (weights: ServingSearch["weights"]) =>
      searchServing({ ...search, weights, available: 1 }).best.length;
    expect(found(["bf16"])).toBe(0);
    expect(found(["int4"])).toBeGreaterThan(0);
  });

  test("what is found keeps the latency, best first, and a looser one is never dearer", () => {
    fc.assert(
      fc.property(limits, fc.double({ min: 1, max: 3, noNaN: true }), (bounds, looser) => {
        const tight = searchServing({ ...search, ...bounds }).best;
        for (const { steady } of tight) {
          expect(steady.timePerToken).toBeLessThanOrEqual(bounds.timePerToken);
          expect(steady.timeToFirst).toBeLessThanOrEqual(bounds.timeToFirst);
        }
        const scores = tight.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => a - b));
        const { timePerToken, timeToFirst } = bounds;
        const loose = searchServing({
          ...search,
          timePerToken: timePerToken * looser,
          timeToFirst: timeToFirst * looser,
        }).best;
        const [first] = scores;
        if (first !== undefined) expect(loose[0]?.score).toBeLessThanOrEqual(first);
      }),
      { numRuns: 30 },
    );
  });

  test("reading and writing are all of a request, and the price is its accelerator time", () => {
    for (const { reading, writing, chips, steady, usdPerThousand } of searchServing(search).best) {
      const seconds = chips / steady.requestsPerSecond;
      expect(reading + writing).toBeCloseTo(seconds, 9);
      expect(usdPerThousand).toBeCloseTo((1_000 * seconds * 3) / 3_600, 9);
    }
  });

  test("the command says what was found", () => {
    const [found] = searchServing({ ...search, weights: ["fp8"] }).best;
    if (found === undefined) throw new Error("nothing found");
    const command = launchServing(found, { available: 8, longest: 1_000 });
    expect(command).toContain(`--tensor-parallel-size ${found.setup.tensor}`);
    expect(command).toContain(`--max-num-seqs ${found.concurrency}`);
    expect(command).toContain("--quantization fp8");
  });
});
