/** What a figure counts, which decides how it is written. */
export type Unit =
  | "money"
  | "share"
  | "level"
  | "points"
  | "count"
  | "bytes"
  | "milliseconds"
  | "seconds"
  | "rate"
  | "joules"
  | "loss"
  | "confidence";

/** Shown where a figure was not measured. */
export const notMeasured = "not measured";

const symbols: Readonly<Record<string, string>> = {
  USD: "$",
  EUR: "€",
  GBP: "£",
  CNY: "¥",
  JPY: "JP¥",
  INR: "₹",
};

/** Sign or code that stands before an amount. */
export function currencySign(currency: string): string {
  return symbols[currency] ?? `${currency} `;
}

/** Fixed digits, commas between thousands; no locale takes part. */
export function formatNumber(value: number, digits: number): string {
  const [whole = "", decimals] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = decimals === undefined ? grouped : `${grouped}.${decimals}`;
  return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
}

/** At least `digits` significant digits, no exponent, nothing after the point beyond them. */
export function formatSignificant(value: number, digits: number): string {
  if (value === 0) return "0";
  // The exponent after rounding: 999,999 to three digits is a million.
  const magnitude = Number(value.toExponential(digits - 1).split("e")[1]);
  return formatNumber(value, Math.min(12, Math.max(0, digits - 1 - magnitude)));
}

/**
 * `$61.40`; amounts under a tenth of a unit keep two significant digits, because machine cost is small,
 * down to `<$0.0001`.
 */
export function formatMoney(value: number, currency: string): string {
  const size = Math.abs(value);
  if (size > 0 && size < 1e-4) return `<${currencySign(currency)}0.0001`;
  const digits = formatNumber(size, 2);
  const text = size >= 1 || size === 0 ? digits : smallAmount(size);
  return `${value < 0 && size > 0 ? "\u2212" : ""}${currencySign(currency)}${text}`;
}

function smallAmount(size: number): string {
  return size >= 0.1 ? formatNumber(size, 2) : formatSignificant(size, 2);
}

/** `95%`, `99.5%`: a share that somebody set, with the digits it was set in. */
export function formatLevel(value: number): string {
  return `${String(Math.round(value * 1e5) / 1e3)}%`;
}

/** `94.2%` */
export function formatShare(value: number): string {
  return `${formatNumber(value * 100, 1)}%`;
}

/** `0.7 points`: the difference of two shares. */
export function formatPoints(share: number): string {
  const text = formatNumber(share * 100, 1);
  return `${text} ${text === "1.0" ? "point" : "points"}`;
}

const byteUnits = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** Decimal units, three significant digits. */
export function formatBytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < byteUnits.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? formatNumber(size, 0) : formatSignificant(size, 3)} ${byteUnits[unit]}`;
}

/** `18.8 ms`, `2.60 s`, `42.1 s`, `6 min 12 s`. */
export function formatSeconds(value: number): string {
  if (value > 0 && value < 1) return `${formatSignificant(value * 1000, 3)} ms`;
  if (value < 10) return `${formatNumber(value, 2)} s`;
  if (value < 120) return `${formatNumber(value, 1)} s`;
  const whole = Math.round(value);
  if (whole < 7200) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A figure in its unit; `undefined`, null and non-finite values say that there is none. */
export function formatFigure(
  value: number | null | undefined,
  unit: Unit,
  currency: string,
): string {
  if (value === undefined || value === null || Number.isNaN(value)) return notMeasured;
  if (!Number.isFinite(value)) return "no finite value";
  switch (unit) {
    case "money":
      return formatMoney(value, currency);
    case "share":
      return formatShare(value);
    case "level":
      return formatLevel(value);
    case "points":
      return formatPoints(value);
    case "count":
      return formatNumber(value, 0);
    case "bytes":
      return formatBytes(value);
    case "milliseconds":
      return `${formatSignificant(value, 3)} ms`;
    case "seconds":
      return formatSeconds(value);
    case "rate":
      return `${formatSignificant(value, 3)}/s`;
    case "joules":
      return `${formatSignificant(value, 3)} J`;
    case "loss":
      return formatNumber(value, 4);
    case "confidence":
      return formatNumber(value, 3);
  }
}

/** `91.6–96.1` for shares, `$58.20–$65.10` for money: the interval in the unit's own digits. */
export function formatRange(low: number, high: number, unit: Unit, currency: string): string {
  const [from, to] = [low, high].map((bound) => formatFigure(bound, unit, currency));
  const first = unit === "share" ? (from ?? "").replace("%", "") : from;
  return `${first}–${to}`;
}
