/** Units that catalogue files may use, with the SI unit that the planner computes in. */
const units: Readonly<Record<string, { readonly base: string; readonly factor: number }>> = {
  // Memory makers count in powers of two: "80 GB" of HBM are 80 x 2^30 bytes.
  GiB: { base: "B", factor: 2 ** 30 },
  "GB/s": { base: "B/s", factor: 1e9 },
  "TFLOP/s": { base: "FLOP/s", factor: 1e12 },
  "TOP/s": { base: "OP/s", factor: 1e12 },
  us: { base: "s", factor: 1e-6 },
};

interface Measure {
  readonly value: number;
  readonly unit: string;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** The same quantity in its SI unit; one whose unit has no other base (W, USD, date) comes back as it is. */
export function toBaseUnit<T extends Measure>(quantity: T): T {
  const unit = Object.hasOwn(units, quantity.unit) ? units[quantity.unit] : undefined;
  if (unit === undefined) return quantity;
  const scaled = { ...quantity, unit: unit.base, value: quantity.value * unit.factor };
  return {
    ...scaled,
    ...(quantity.low === undefined ? {} : { low: quantity.low * unit.factor }),
    ...(quantity.high === undefined ? {} : { high: quantity.high * unit.factor }),
  };
}
