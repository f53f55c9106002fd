import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { OperationContext } from "../operation.ts";
import { openAdaptation, openPrices } from "./open-catalogue.ts";
import { planAdapt } from "./plan-adapt.ts";
import { planMixed } from "./plan-fleet.ts";

const context: OperationContext = {
  cwd: resolve(import.meta.dirname, "../../.."),
  home: "/nowhere",
  emit: () => {},
  now: () => 0,
  clock: () => 0,
  signal: new AbortController().signal,
  screen: { columns: 100, colour: false },
  environment: {},
  command: "sampan plan",
};
const cluster = "examples/plans/mixed.yaml";

describe("plan fleet", () => {
  test("sets the mixture beside each group alone and beside the same rent", async () => {
    const input = planMixed.input.parse({ model: "llama-3.1-8b", cluster, batch: 512 });
    const { value, text } = await planMixed.run(input, context);
    expect(text).toMatch(/H100 alone .*\nAscend alone .*\nmixed .*\nsame rent: /);
    expect(text).toMatch(/Mixing (is|loses)/);
    expect(value).toMatchObject({ alone: [{ kind: "alone" }, { kind: "alone" }] });
    expect(JSON.stringify(await planMixed.run(input, context))).toBe(
      JSON.stringify({ value, text }),
    );
  });

  test("an unknown chip or model gets the nearest names", async () => {
    const wrong = planMixed.input.parse({ model: "lama-3.1-8b", cluster });
    await expect(planMixed.run(wrong, context)).rejects.toMatchObject({
      code: "not-found",
      hint: expect.stringContaining("llama-3"),
    });
  });
});

describe("plan adapt", () => {
  test("gives each group its tax, and the reference none", async () => {
    const input = planAdapt.input.parse({ model: "llama-3.1-8b", cluster, batch: 512 });
    const { value, text } = await planAdapt.run(input, context);
    expect(text).toMatch(/^H100: NVIDIA CUDA/);
    expect(text).toMatch(/Ascend: Huawei CANN/);
    expect(value).toMatchObject({
      month: openPrices().staff.engineerMonth.value,
      groups: [{ group: "H100", cost: { total: 0 } }, { group: "Ascend" }],
    });
    expect(openAdaptation().reference).toBe("cuda");
  });
});
