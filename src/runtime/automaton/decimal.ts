import { SampanError } from "../../kernel/index.ts";

/** The numbers of a range, counted in units of 10^-decimals. */
export interface DecimalRange {
  readonly low: bigint;
  readonly high: bigint;
}

/** First and last multiple of 10^-decimals inside the bounds; `high < low` when there is none. */
export function decimalRange(bounds: {
  readonly minimum: number;
  readonly maximum: number;
  readonly decimals: number;
}): DecimalRange {
  return {
    low: -floorScaled(-bounds.minimum, bounds.decimals),
    high: floorScaled(bounds.maximum, bounds.decimals),
  };
}

/** The shortest plain decimal of a scaled number: no exponent, no trailing zeros, no `-0`. */
export function writeScaled(value: bigint, decimals: number): string {
  const digits = `${value < 0n ? -value : value}`.padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Floor of value x 10^decimals, exact on the shortest decimal that stands for the value. */
function floorScaled(value: number, decimals: number): bigint {
  if (!Number.isFinite(value)) {
    throw new SampanError("task-invalid", `a number's bound is ${value}`, {
      hint: "Give finite `minimum` and `maximum`.",
    });
  }
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(`${value}`);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
  const digits = BigInt(whole + fraction);
  const shift = decimals + Number(exponent) - fraction.length;
  if (shift >= 0) return (sign === "-" ? -digits : digits) * 10n ** BigInt(shift);
  const unit = 10n ** BigInt(-shift);
  const quotient = digits / unit;
  if (sign !== "-") return quotient;
  return digits % unit === 0n ? -quotient : -quotient - 1n;
}
