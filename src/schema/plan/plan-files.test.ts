import { describe, expect, test } from "vitest";
import { clusterSchema } from "./cluster.ts";
import { trafficSchema } from "./traffic.ts";
import { trainingPlanSchema } from "./training.ts";
import { parseUnitText } from "./unit-text.ts";

describe("quantities with their unit", () => {
  test.each([
    ["400 Gb/s", "B/s", 50e9],
    ["50 GB/s", "B/s", 50e9],
    ["80 GiB", "B", 80 * 2 ** 30],
    ["50 ms", "s", 0.05],
    ["12us", "s", 12e-6],
    ["2.5 USD/h", "USD/h", 2.5],
    ["600 /min", "1/s", 10],
    ["1.2 kW", "W", 1_200],
  ] as const)("%s is %s %d", (text, kind, value) => {
    expect(parseUnitText(text, kind)).toBeCloseTo(value, 9);
  });

  test.each([
    ["400", "B/s"],
    ["400 GB", "B/s"],
    ["-3 W", "W"],
    ["fast", "B/s"],
    ["1e999 W", "W"],
    ["5 USD", "USD/h"],
  ] as const)("%s is no quantity in %s", (text, kind) => {
    expect(parseUnitText(text, kind)).toBeUndefined();
  });
});

function problems(
  schema: { safeParse(value: unknown): { error?: { issues: readonly { message: string }[] } } },
  value: unknown,
) {
  return (schema.safeParse(value).error?.issues ?? []).map(({ message }) => message).join("\n");
}

describe("files of a plan", () => {
  const group = { accelerator: "h100-sxm-80gb", count: 8 };

  test("a bare number says which unit to write", () => {
    const cluster = { name: "c", groups: [{ ...group, scaleOut: { bandwidth: 400 } }] };
    expect(problems(clusterSchema, cluster)).toContain(
      '400 needs a unit: write "50 GB/s" or "400 Gb/s"',
    );
  });

  test.each([
    [{ name: "c", groups: [] }],
    [{ name: "c", groups: [{ ...group, count: 0 }] }],
    [{ name: "c", groups: [{ ...group, count: -8 }] }],
    [{ name: "c", groups: [group], pue: 0.5 }],
    [{ name: "c", groups: [group], cooling: 1 }],
  ])("%j is refused", (cluster) => {
    expect(problems(clusterSchema, cluster)).not.toBe("");
  });

  test("traffic has a rate or a concurrency, not both", () => {
    const lengths = { input: { mean: 500 }, output: { mean: 100 } };
    expect(problems(trafficSchema, { ...lengths, rate: "2 /s" })).toBe("");
    expect(problems(trafficSchema, { ...lengths, rate: "2 /s", concurrency: 4 })).toContain(
      "one of the two",
    );
    expect(problems(trafficSchema, lengths)).toContain("one of the two");
  });

  test("degrees of a plan are whole and positive, and unknown keys are named", () => {
    const plan = { globalBatch: 8, sequence: 128 };
    expect(problems(trainingPlanSchema, plan)).toBe("");
    expect(problems(trainingPlanSchema, { ...plan, tensor: 1.5 })).not.toBe("");
    expect(problems(trainingPlanSchema, { ...plan, zero: 4 })).not.toBe("");
    expect(problems(trainingPlanSchema, { ...plan, tensorParallel: 2 })).toContain(
      "tensorParallel",
    );
  });
});
