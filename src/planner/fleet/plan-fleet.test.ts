import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { trainingPlanSchema } from "../../schema/index.ts";
import { parseAccelerators, parseLinks } from "../catalogue/index.ts";
import type { Wire } from "../chip.ts";
import { resolveGroup } from "../cluster.ts";
import { priorTable } from "../efficiency/coefficients.ts";
import { readConfig } from "../work/read-config.ts";
import type { FleetGroup, FleetJob } from "./fleet.ts";
import { planFleet } from "./plan-fleet.ts";

const folder = join(import.meta.dirname, "../../../catalogue");
const accelerators = readdirSync(join(folder, "accelerators")).flatMap((file) =>
  parseAccelerators(readFileSync(join(folder, "accelerators", file), "utf8"), file),
);
const links = parseLinks(readFileSync(join(folder, "links.json"), "utf8"), "links.json");

const llama = {
  model_type: "llama",
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  intermediate_size: 14336,
  vocab_size: 128256,
};

function group(name: string, accelerator: string, count: number): FleetGroup {
  const resolved = resolveGroup({ accelerator, count, perNode: 8 }, { accelerators, links });
  const { chip } = resolved;
  return {
    name,
    chip,
    fabric: resolved.fabric,
    count,
    circumstances: { chip: chip.id, family: chip.family, launched: chip.launched, year: 2026 },
    rent: resolved.entry.prices.rent.value,
  };
}

function wire(bandwidth: number): Wire {
  return { name: "the joint", bandwidth, latency: 1e-5, efficiency: 0.9 };
}

function job(groups: readonly FleetGroup[], bandwidth: number, layers = 32): FleetJob {
  return {
    model: readConfig({ ...llama, num_hidden_layers: layers }, "a model"),
    asked: trainingPlanSchema.parse({ globalBatch: 256, sequence: 4096, precision: "bf16" }),
    balanced: true,
    overlapsData: true,
    groups,
    between: wire(bandwidth),
    table: priorTable(),
  };
}

describe("mixed fleets", () => {
  const h100 = group("H100", "h100-sxm-80gb", 16);
  const ascend = group("Ascend", "ascend-910b3", 16);

  test("the same chip in two halls with a quick joint is nearly one hall of twice the size", () => {
    const twins = [h100, { ...h100, name: "H100 too" }];
    const { mixed, efficiency } = planFleet(job(twins, 800e9));
    expect(efficiency).toBeGreaterThan(0.9);
    // Half the batch in each hall shows less waiting than the whole in one, so a little above 1 is honest.
    expect(efficiency).toBeLessThan(1.05);
    const whole = planFleet(job([{ ...h100, count: 32 }], 800e9));
    expect((mixed?.seconds ?? 0) / whole.best.seconds).toBeGreaterThan(0.95);
    expect((mixed?.seconds ?? 0) / whole.best.seconds).toBeLessThan(1.25);
  });

  test("work goes where it is done sooner", () => {
    const { mixed } = planFleet(job([h100, ascend], 400e9));
    const members = mixed?.members ?? [];
    const share = (name: string): number => {
      const member = members.find((one) => one.group === name);
      const layers = (member?.layers ?? []).reduce((sum, own) => sum + own, 0);
      return layers > 0 ? layers : (member?.sequences ?? 0);
    };
    expect(share("H100")).toBeGreaterThan(1.5 * share("Ascend"));
    expect(mixed?.seconds).toBeLessThan(planFleet(job([h100], 1)).best.seconds);
  });

  test("says when mixing loses, and what binds", () => {
    const slow = planFleet(job([h100, ascend], 0.05e9));
    expect(slow.verdict).toMatch(/Mixing loses: H100 alone/);
    expect(slow.verdict).toMatch(/over the joint/);
    expect(slow.best.kind).toBe("alone");
    expect(planFleet(job([h100, ascend], 400e9)).verdict).toMatch(/Mixing is \d+ % quicker/);
  });

  test("a quicker joint never makes it slower", () => {
    const speeds = [0.1e9, 1e9, 3e9, 12e9, 50e9, 400e9];
    const times = speeds.map((speed) => planFleet(job([h100, ascend], speed)).mixed?.seconds ?? 0);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test("a model too large for each may fit both, its layers where the memory is", () => {
    const cards = group("4090", "rtx-4090", 8);
    const more = group("3090", "rtx-3090", 8);
    const answer = planFleet(job([cards, more], 10e9, 40));
    const fits = answer.alone.length;
    const mixed = answer.mixed;
    expect(mixed).toBeDefined();
    if (fits === 0) expect(answer.verdict).toMatch(/Only a mixture fits/);
    const layers = (mixed?.members ?? []).flatMap((member) => member.layers);
    if (mixed?.kind === "pipeline") expect(layers.reduce((sum, own) => sum + own, 0)).toBe(40);
  });

  test("what fits nowhere, and too many groups, are refused", () => {
    expect(() => planFleet(job([group("one", "rtx-3060-12gb", 1)], 1e9))).toThrow(/fits neither/);
    const five = Array.from({ length: 5 }, () => h100);
    expect(() => planFleet(job(five, 1e9))).toThrow(/at most 4/);
  });
});
