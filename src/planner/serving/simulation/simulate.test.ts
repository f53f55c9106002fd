import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trafficSchema } from "../../../schema/index.ts";
import type { Chip } from "../../chip.ts";
import { readConfig } from "../../work/read-config.ts";
import { resolveServing } from "../law/coefficients.ts";
import { passWork } from "../law/pass-work.ts";
import { openQueue } from "../queue/open-queue.ts";
import { saturated, type Replica } from "../queue/steady-state.ts";
import { FinishQueue } from "./finish-queue.ts";
import { drawRequests } from "./requests.ts";
import { tokensPerStep } from "./result.ts";
import { simulate } from "./simulate.ts";
import { simulateApart } from "./simulate-apart.ts";

const wire = { name: "wire", bandwidth: 400e9, latency: 3e-6, efficiency: 0.8 };

function replicaWith(memory: number, maxSequences = 256): Replica {
  const chip: Chip = {
    id: "chip",
    name: "a chip",
    vendor: "nobody",
    family: "family",
    memory,
    memoryBandwidth: 3e12,
    peaks: { bf16: 1e15 },
    scaleUp: wire,
    domain: 8,
    power: 700,
    launched: 2023,
  };
  const config = {
    model_type: "llama",
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14_336,
    vocab_size: 128_256,
  };
  const pass = passWork({
    model: readConfig(config, "Llama-3.1-8B"),
    chip,
    fabric: { domain: 8, up: wire, out: wire },
    weights: "bf16",
    cache: "bf16",
    tensor: 1,
    pipeline: 1,
    attentionData: 1,
    expertParallel: false,
    passTokens: 8_192,
    maxSequences,
    memoryShare: 0.9,
  });
  return { pass, ...resolveServing({}, { chip: "chip", family: "family", sparse: false }) };
}

const traffic = trafficSchema.parse({
  rate: "4 /s",
  input: { mean: 1_000, spread: 0.5 },
  output: { mean: 200, spread: 0.5 },
});
const replica = replicaWith(80e9);

describe("drawn requests", () => {
  it("are the same for the same seed and keep the mean rate and lengths", () => {
    const drawn = drawRequests(traffic, 4, 20_000, 7);
    expect(drawRequests(traffic, 4, 20_000, 7)).toEqual(drawn);
    const last = drawn.at(-1)?.arrival ?? 0;
    expect(20_000 / last / 4).toBeCloseTo(1, 1);
    const output = drawn.reduce((sum, one) => sum + one.output, 0) / drawn.length;
    expect(output / 200).toBeCloseTo(1, 1);
  });

  it("spread as the burstiness says", () => {
    const bursty = trafficSchema.parse({ ...traffic, rate: "4 /s", burstiness: 2 });
    const drawn = drawRequests(bursty, 1, 30_000, 3);
    const gaps = drawn.slice(1).map((one, index) => one.arrival - (drawn[index]?.arrival ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(1.85);
    expect(Math.sqrt(variance) / mean).toBeLessThan(2.15);
  });
});

describe("the queue of finishes", () => {
  it("gives steps in order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { maxLength: 200 }), (steps) => {
        const queue = new FinishQueue();
        steps.forEach((step, id) => queue.push(step, id));
        const out: number[] = [];
        while (queue.size > 0) out.push(steps[queue.pop()] ?? -1);
        expect(out).toEqual([...steps].sort((a, b) => a - b));
      }),
      { seed: 1 },
    );
  });
});

describe("a simulated replica", () => {
  it("agrees with the closed form at half load", () => {
    const sizes = { input: 1_000, output: 200, reused: 0, spread: 0.5 };
    const rate = saturated(replica, sizes).requestsPerSecond / 2;
    const closed = openQueue(replica, sizes, rate);
    const result = simulate(replica, drawRequests(traffic, rate, 4_000, 1));
    expect(result.timePerToken.mean / closed.timePerToken).toBeGreaterThan(0.75);
    expect(result.timePerToken.mean / closed.timePerToken).toBeLessThan(1.35);
    expect(result.requestsPerSecond / rate).toBeGreaterThan(0.9);
  });

  it("serves as many requests as the closed form says when all arrive at once", () => {
    const sizes = { input: 1_000, output: 200, reused: 0, spread: 0.5 };
    const result = simulate(replica, drawRequests(traffic, Infinity, 4_000, 1));
    const ratio = result.requestsPerSecond / saturated(replica, sizes).requestsPerSecond;
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.15);
  });

  it("keeps a closed loop at its concurrency", () => {
    const result = simulate(replica, drawRequests(traffic, Infinity, 500, 1), { concurrency: 8 });
    expect(result.meanBatch).toBeLessThanOrEqual(8);
    expect(result.meanBatch).toBeGreaterThan(6);
    expect(result.latency.p50).toBeGreaterThanOrEqual(result.timeToFirst.p50);
  });

  it("preempts when the cache is small, and still answers all", () => {
    const small = replicaWith(24e9);
    const long = trafficSchema.parse({
      rate: "4 /s",
      input: { mean: 200 },
      output: { mean: 2_000, spread: 0.5 },
    });
    const result = simulate(small, drawRequests(long, Infinity, 300, 1));
    expect(result.preemptions).toBeGreaterThan(0);
    expect(result.requests).toBe(300);
    expect(result.seconds).toBeGreaterThan(0);
  });

  it("is quicker per token with accepted drafts, by no more than they yield", () => {
    const speculation = { drafted: 3, acceptance: 0.7, cost: 0.02 };
    const requests = drawRequests(traffic, 1, 500, 1);
    const plain = simulate(replica, requests).timePerToken.mean;
    const drafted = simulate(replica, requests, { speculation }).timePerToken.mean;
    expect(drafted).toBeLessThan(plain);
    expect(plain / drafted).toBeLessThan(tokensPerStep(speculation));
    expect(tokensPerStep({ drafted: 3, acceptance: 1, cost: 0 })).toBe(4);
  });

  it("decodes more evenly with prefill apart", () => {
    const requests = drawRequests(traffic, 6, 1_000, 1);
    const together = simulate(replica, requests);
    const apart = simulateApart(
      { prefill: replica, prefillReplicas: 1, decode: replica, bandwidth: 50e9 },
      requests,
    );
    expect(apart.timePerToken.p99).toBeLessThan(together.timePerToken.p99);
    expect(apart.requests).toBe(1_000);
  });

  it("shortens first tokens with a reused prefix", () => {
    const reusing = trafficSchema.parse({
      rate: "4 /s",
      input: { mean: 4_000 },
      output: { mean: 50 },
      reusedPrefix: 0.75,
    });
    const whole = trafficSchema.parse({
      rate: "4 /s",
      input: { mean: 4_000 },
      output: { mean: 50 },
    });
    const one = simulate(replica, drawRequests(reusing, 2, 300, 1)).timeToFirst.p50;
    const other = simulate(replica, drawRequests(whole, 2, 300, 1)).timeToFirst.p50;
    expect(one).toBeLessThan(0.5 * other);
  });

  it("takes the same course for the same requests, whatever they are", () => {
    const request = fc.record({
      arrival: fc.double({ min: 0, max: 30, noNaN: true }),
      fresh: fc.integer({ min: 1, max: 20_000 }),
      reused: fc.integer({ min: 0, max: 2_000 }),
      output: fc.integer({ min: 1, max: 1_500 }),
    });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 60 }), (drawn) => {
        const requests = [...drawn].sort((a, b) => a.arrival - b.arrival);
        const small = replicaWith(22e9, 16);
        const result = simulate(small, requests);
        expect(simulate(small, requests)).toEqual(result);
        expect(Number.isFinite(result.seconds)).toBe(true);
        expect(result.latency.p99).toBeGreaterThan(0);
        expect(result.meanBatch).toBeLessThanOrEqual(16);
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});
