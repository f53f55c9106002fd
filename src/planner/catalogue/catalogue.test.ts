import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Accelerator, Quantity } from "../../schema/index.ts";
import { findEntry, nearestNames, requireEntry } from "./find-entry.ts";
import { parseAccelerators, parseLinks } from "./parse-catalogue.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "catalogue");
const accelerators = readdirSync(join(folder, "accelerators")).flatMap((file) =>
  parseAccelerators(readFileSync(join(folder, "accelerators", file), "utf8"), file),
);
const links = parseLinks(readFileSync(join(folder, "links.json"), "utf8"), "links.json");

/** Every quantity of a row with the path to it. */
function quantitiesOf(node: unknown, path = ""): readonly (readonly [string, Quantity])[] {
  if (typeof node !== "object" || node === null) return [];
  if ("sureness" in node && "value" in node && typeof node.value === "number") {
    // The schema has checked it; only its unit is not known here.
    return [[path, node as Quantity]];
  }
  return Object.entries(node).flatMap(([key, value]) => quantitiesOf(value, `${path}.${key}`));
}

function offenders(bad: (row: Accelerator) => boolean): readonly string[] {
  return accelerators.filter(bad).map(({ id }) => id);
}

describe("accelerators", () => {
  test("there are many, of all kinds and vendors, each once", () => {
    expect(accelerators.length).toBeGreaterThanOrEqual(140);
    expect(new Set(accelerators.map(({ kind }) => kind)).size).toBe(5);
    expect(new Set(accelerators.map(({ vendor }) => vendor)).size).toBeGreaterThanOrEqual(15);
    const ids = accelerators.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test("quantities are in SI units with their source", () => {
    const a100 = requireEntry(accelerators, "a100 80gb", "accelerator");
    expect(a100.memory.value).toBe(80 * 2 ** 30);
    expect(a100.memoryBandwidth).toMatchObject({ value: 2.039e12, unit: "B/s" });
    expect(a100.memoryBandwidth.source).toMatch(/data sheet/);
    expect(a100.launch.date).toBe("2022-06");
  });

  test("every name that published measurements use resolves to one row", () => {
    const names = z
      .array(z.string())
      .parse(
        JSON.parse(readFileSync(join(root, "test/fixtures/published-hardware-names.json"), "utf8")),
      );
    expect(names.length).toBe(52);
    expect(names.filter((name) => findEntry(accelerators, name) === undefined)).toEqual([]);
  });

  test("no name leads to two rows", () => {
    const clashes = accelerators.flatMap((row) =>
      [row.name, ...row.aliases].filter((name) => findEntry(accelerators, name)?.id !== row.id),
    );
    expect(clashes).toEqual([]);
  });

  test("a narrower format is at least as fast", () => {
    const rate = (row: Accelerator, precision: keyof Accelerator["peaks"]) =>
      row.peaks[precision]?.value ?? Number.NaN;
    const slower = (row: Accelerator, wide: keyof Accelerator["peaks"], narrow: typeof wide) =>
      rate(row, narrow) < rate(row, wide);
    expect(offenders((row) => slower(row, "bf16", "fp8"))).toEqual([]);
    expect(offenders((row) => slower(row, "fp8", "fp4"))).toEqual([]);
    expect(offenders((row) => slower(row, "fp32", "tf32"))).toEqual([]);
    expect(offenders((row) => slower(row, "tf32", "bf16"))).toEqual([]);
    // Apple's and old processors' bf16 may run below fp32; Blackwell Ultra gave up int8 for fp4.
    expect(offenders((row) => row.kind !== "apu" && slower(row, "fp32", "bf16"))).toEqual([]);
    expect(offenders((row) => slower(row, "bf16", "int8"))).toEqual([
      "b300-sxm-270gb",
      "gb300-278gb",
    ]);
  });

  test("figures are plausible", () => {
    const best = ({ peaks }: Accelerator) =>
      (peaks.bf16 ?? peaks.fp16 ?? peaks.fp32)?.value ?? Number.NaN;
    // Operations per byte: processors from about 10, matrix units up to several hundred.
    expect(
      offenders((row) => {
        const ridge = best(row) / row.memoryBandwidth.value;
        return !(ridge > 4 && ridge < 800);
      }),
    ).toEqual([]);
    // Seconds to read the whole memory once: 0.01 (HBM) to a few (a processor with much memory).
    expect(
      offenders(({ memory, memoryBandwidth, kind }) => {
        const sweep = memory.value / memoryBandwidth.value;
        return !(sweep > 0.01 && sweep < (kind === "cpu" ? 3 : 1.2));
      }),
    ).toEqual([]);
    // Operations per joule in 16 bits: a small board to the newest rack.
    expect(
      offenders((row) => {
        const perJoule = best(row) / row.power.value;
        return !(perJoule > 5e9 && perJoule < 4e12);
      }),
    ).toEqual([]);
    expect(offenders(({ launch }) => launch.value < "2016" || launch.value > "2026-11")).toEqual(
      [],
    );
    // Hours of rent that would pay for the chip: two months to six years.
    expect(
      offenders(({ prices }) => {
        const hours = prices.purchase.value / prices.rent.value;
        return !(hours > 1_400 && hours < 52_000);
      }),
    ).toEqual([]);
  });

  test("a scale-up link is in the catalogue and no faster than memory", () => {
    const ids = new Set(links.map(({ id }) => id));
    expect(offenders(({ scaleUp }) => scaleUp !== null && !ids.has(scaleUp.link))).toEqual([]);
    expect(
      offenders(
        ({ scaleUp, memoryBandwidth }) =>
          scaleUp !== null && scaleUp.bandwidth.value > memoryBandwidth.value,
      ),
    ).toEqual([]);
  });

  test("every value has a source and a date, and a prior has a range with width", () => {
    const all = accelerators.flatMap((row) => quantitiesOf(row, row.id));
    expect(all.length).toBeGreaterThan(1_200);
    expect(all.filter(([, { source, date }]) => source.length < 8 || date.length < 4)).toEqual([]);
    const narrow = all.filter(
      ([, { sureness, low, high, value }]) =>
        sureness === "prior" && (high ?? value) - (low ?? value) <= 0,
    );
    expect(narrow.map(([path]) => path)).toEqual([]);
  });
});

describe("links", () => {
  test("tiers, speeds and latencies are plausible", () => {
    expect(links.length).toBeGreaterThanOrEqual(35);
    for (const { id, bandwidth, latency, efficiency } of links) {
      expect(bandwidth.value, id).toBeGreaterThan(1e8);
      expect(bandwidth.value, id).toBeLessThan(2e12);
      expect(latency.value, id).toBeGreaterThan(1e-7);
      expect(latency.value, id).toBeLessThan(1e-3);
      expect(efficiency.value, id).toBeLessThanOrEqual(1);
    }
  });

  test("InfiniBand by its usual names", () => {
    expect(findEntry(links, "IB 400")?.id).toBe("infiniband-ndr");
    expect(findEntry(links, "NVLink4")?.bandwidth.value).toBe(450e9);
  });
});

describe("finding", () => {
  test("an unknown name gets the nearest", () => {
    expect(findEntry(accelerators, "nonesuch")).toBeUndefined();
    expect(nearestNames(accelerators, "h1000")).toContain("h100-sxm-80gb");
    expect(nearestNames(accelerators, "NVIDIA H100 SXM5 of 80 GB")).toContain("h100-sxm-80gb");
    expect(() => requireEntry(accelerators, "ascnd-910b3", "accelerator")).toThrow(
      expect.objectContaining({
        code: "not-found",
        hint: expect.stringContaining("ascend-910b3"),
      }),
    );
  });

  test("any text is answered, found or not", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(nearestNames(accelerators, name).length).toBeLessThanOrEqual(3);
      }),
      { numRuns: 50 },
    );
  });
});
