import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SampanError } from "../../kernel/index.ts";
import { parseAccelerators, parseLinks } from "./parse-catalogue.ts";

const source = { title: "A data sheet of the maker", date: "2025-01" };
const from = { source: "sheet", sureness: "datasheet" };
const price = { ...from, value: 10, low: 5, high: 20 };
const link = {
  id: "a-link",
  name: "A link",
  aliases: [],
  tier: "scale-up",
  bandwidth: { ...from, value: 100, unit: "GB/s" },
  latency: { ...from, value: 5, unit: "us" },
  efficiency: { ...from, value: 0.8, unit: "share" },
};
const chip = {
  id: "a-chip",
  name: "A chip",
  aliases: ["it"],
  vendor: "Somebody",
  kind: "gpu",
  family: "first",
  launch: { ...from, value: "2025-01", unit: "date" },
  memory: { ...from, value: 16, unit: "GiB" },
  memoryBandwidth: { ...from, value: 500, unit: "GB/s" },
  peaks: { bf16: { ...from, value: 100, unit: "TFLOP/s" } },
  scaleUp: null,
  pcie: null,
  power: { ...from, value: 100, unit: "W" },
  prices: { purchase: { ...price, unit: "USD" }, rent: { ...price, unit: "USD/h" } },
};

function chips(change: object, more: object = {}): string {
  return JSON.stringify({
    sources: { sheet: source },
    accelerators: [{ ...chip, ...change }],
    ...more,
  });
}

describe("a file of the catalogue", () => {
  test("is read in SI units, ranges too", () => {
    const [row] = parseAccelerators(chips({}), "x.json");
    expect(row?.memory.value).toBe(16 * 2 ** 30);
    expect(row?.peaks.bf16).toMatchObject({ value: 1e14, unit: "FLOP/s" });
    expect(row?.prices.rent).toMatchObject({ value: 10, low: 5, high: 20, unit: "USD/h" });
    const ranged = { ...from, value: 5, low: 1, high: 9, unit: "us" };
    const text = JSON.stringify({
      sources: { sheet: source },
      links: [{ ...link, latency: ranged }],
    });
    expect(parseLinks(text, "links.json")[0]?.latency).toMatchObject({
      unit: "s",
      low: 1e-6,
      high: 9e-6,
    });
  });

  test.each([
    ["no JSON", "{", /is not JSON/],
    ["no sources", '{"accelerators":[]}', /no table of sources/],
    ["no list", JSON.stringify({ sources: {}, accelerators: 7 }), /not a list/],
    ["a stranger beside the rows", chips({}, { extra: 1 }), /unknown member "extra"/],
    ["a value without source", chips({ power: { value: 1, unit: "W" } }), /\(a-chip\) power/],
    [
      "a source that is not in the table",
      chips({ power: { ...from, source: "hearsay", value: 1, unit: "W" } }),
      /\.power: source "hearsay" is not in/,
    ],
    ["a unit of another kind", chips({ power: { ...from, value: 1, unit: "GiB" } }), /power\.unit/],
    ["a unit nobody knows", chips({ power: { ...from, value: 1, unit: "hp" } }), /power\.unit/],
    ["a negative value", chips({ power: { ...from, value: -1, unit: "W" } }), /power\.value/],
    [
      "a prior without range",
      chips({ power: { ...from, sureness: "prior", value: 1, unit: "W" } }),
      /a prior needs low and high/,
    ],
    [
      "a range that misses the value",
      chips({ power: { ...from, value: 1, low: 2, high: 3, unit: "W" } }),
      /out of order/,
    ],
    ["no peak at all", chips({ peaks: {} }), /needs fp32, bf16 or fp16/],
    ["an unknown field", chips({ colour: "red" }), /colour/],
    [
      "a price without range",
      chips({ prices: { ...chip.prices, rent: { ...from, value: 1, unit: "USD/h" } } }),
      /low and high/,
    ],
  ])("%s is refused with its place", (_, text, problem) => {
    const parse = (): unknown => parseAccelerators(text, "x.json");
    expect(parse).toThrow(problem);
    expect(parse).toThrow(/^x\.json/);
  });

  test("depth and length are bounded", () => {
    let deep: object = {};
    for (let level = 0; level < 40; level++) deep = { deep };
    expect(() => parseAccelerators(chips({ power: deep }), "x.json")).toThrow(/nested too deeply/);
    expect(() => parseAccelerators(" ".repeat(4_000_001), "x.json")).toThrow(/longer than/);
  });

  test("anything else ends in a typed error too", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          parseAccelerators(JSON.stringify(value), "x.json");
        } catch (error) {
          expect(SampanError.isInstance(error)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});
