import { decimalRange } from "./decimal.ts";
import { Interned, many, none, type Leaf } from "./leaf.ts";

const characters = Buffer.from("-.0123456789");

/** Plain decimals of a range: no exponent, no leading or trailing zeros, no `-0`. */
export function numberLeaf(bounds: {
  readonly minimum: number;
  readonly maximum: number;
  readonly decimals: number;
}): Leaf {
  const { low, high } = decimalRange(bounds);
  const prefixes = new Interned<Prefix>();

  function look(text: string): number | undefined {
    const negative = text.startsWith("-");
    const magnitude = negative ? text.slice(1) : text;
    const [from, to] = negative ? [high < 0n ? -high : 1n, -low] : [low > 0n ? low : 0n, high];
    const found = inspect(magnitude, from, to, bounds.decimals);
    // "" may also go on with a minus.
    const live = found.live || (text === "" && low < 0n && high >= low);
    return live ? prefixes.id(text, { text, done: found.done }) : undefined;
  }

  const start = high < low ? undefined : look("");
  const step = (state: number, byte: number): number | undefined =>
    characters.includes(byte)
      ? look(prefixes.at(state).text + String.fromCharCode(byte))
      : undefined;
  return {
    start,
    step,
    done: (state) => prefixes.at(state).done,
    only(state) {
      let found = none;
      for (const byte of characters) {
        if (step(state, byte) === undefined) continue;
        if (found !== none) return many;
        found = byte;
      }
      return found;
    },
    wide: () => false,
  };
}

/** Whether unsigned text is a number of [from, to] (in units), or begins one. */
function inspect(
  text: string,
  from: bigint,
  to: bigint,
  decimals: number,
): { readonly live: boolean; readonly done: boolean } {
  const unit = 10n ** BigInt(decimals);
  const any = (first: bigint, last: bigint) =>
    (first > from ? first : from) <= (last < to ? last : to);
  if (text === "") return { live: from <= to, done: false };
  const [, whole, point = "", fraction = ""] = /^(0|[1-9]\d*)(?:(\.)(\d*))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > decimals) return { live: false, done: false };
  const step = 10n ** BigInt(decimals - fraction.length);
  const value = BigInt(whole) * unit + BigInt(fraction || "0") * step;
  const inRange = any(value, value);
  if (point !== "") {
    const done = inRange && /[1-9]$/.test(fraction);
    return { done, live: done || any(value + 1n, value + step - 1n) };
  }
  let live = inRange || any(value + 1n, value + unit - 1n);
  if (whole !== "0") {
    for (let scale = 10n; !live && value * scale <= to; scale *= 10n) {
      live = any(value * scale, (value + unit) * scale - 1n);
    }
  }
  return { live, done: inRange };
}

interface Prefix {
  readonly text: string;
  readonly done: boolean;
}
