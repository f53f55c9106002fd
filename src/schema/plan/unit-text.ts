import { z } from "zod";

/** Prefixes of a unit; memory and links are decimal (SI), `Ki` to `Ti` binary. */
const prefixes: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  m: 1e-3,
  u: 1e-6,
  n: 1e-9,
};

/** Bases per kind of quantity: how many of the SI unit one of them is. */
const kinds = {
  "B/s": { "B/s": 1, "b/s": 1 / 8, "bit/s": 1 / 8 },
  B: { B: 1 },
  s: { s: 1 },
  W: { W: 1 },
  USD: { USD: 1 },
  "USD/h": { "USD/h": 1 },
  "USD/kWh": { "USD/kWh": 1 },
  "1/s": { "/s": 1, "1/s": 1, "/min": 1 / 60, "/h": 1 / 3_600 },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number>>>>;

export type UnitKind = keyof typeof kinds;

/**
 * A number written with its unit ("400 Gb/s", "2.5 USD/h", "50 ms"), as its value in SI units. A bare number is
 * refused: a bandwidth without a unit is off by eight as often as not.
 */
export function unitTextSchema(kind: UnitKind) {
  const examples: Readonly<Record<UnitKind, string>> = {
    "B/s": '"50 GB/s" or "400 Gb/s"',
    B: '"80 GB"',
    s: '"50 ms"',
    W: '"700 W"',
    USD: '"30000 USD"',
    "USD/h": '"2.5 USD/h"',
    "USD/kWh": '"0.1 USD/kWh"',
    "1/s": '"20 /s" or "600 /min"',
  };
  return z
    .string({
      error: ({ input }) => `${JSON.stringify(input)} needs a unit: write ${examples[kind]}`,
    })
    .max(60)
    .transform((text, context) => {
      const value = parseUnitText(text, kind);
      if (value !== undefined) return value;
      context.addIssue({
        code: "custom",
        message: `"${text}" is not a quantity in ${kind}: write ${examples[kind]}`,
      });
      return z.NEVER;
    });
}

/** The SI value of a number with a unit of `kind`; undefined when it is not one or is negative. */
export function parseUnitText(text: string, kind: UnitKind): number | undefined {
  const match = /^\s*([0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)\s*(\S+)\s*$/.exec(text);
  if (match === null) return undefined;
  const [, digits = "", unit = ""] = match;
  for (const [base, factor] of Object.entries(kinds[kind])) {
    if (!unit.endsWith(base)) continue;
    const prefix = prefixes[unit.slice(0, unit.length - base.length)];
    const value = prefix === undefined ? Number.NaN : Number(digits) * prefix * factor;
    if (Number.isFinite(value)) return value;
  }
  return undefined;
}
