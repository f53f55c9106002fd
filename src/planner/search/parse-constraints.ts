import { SampanError, suggest } from "../../kernel/index.ts";
import type { Bound, Constraints } from "./figures.ts";

/** How a user writes a bound, and how much of the SI unit one of it is. */
const written: Readonly<
  Record<string, { readonly bound: Bound; readonly factor: number; readonly about: string }>
> = {
  usd: { bound: "usd", factor: 1, about: "money for the job" },
  days: { bound: "seconds", factor: 86_400, about: "wall time with failures" },
  hours: { bound: "seconds", factor: 3_600, about: "wall time with failures" },
  kw: { bound: "watts", factor: 1_000, about: "power at the meter" },
  mwh: { bound: "kilowattHours", factor: 1_000, about: "energy of the job" },
  ttft: { bound: "timeToFirst", factor: 1, about: "seconds to a service's first token" },
  tpot: { bound: "timePerToken", factor: 1, about: "seconds per token after it" },
  gb: { bound: "memory", factor: 1e9, about: "memory of the fullest rank" },
};

/** Reads bounds such as "usd<2e6, days<30, kw<400". Errors: `usage-invalid`, naming the part. */
export function parseConstraints(text: string): Constraints {
  const found: Partial<Record<Bound, number>> = {};
  for (const part of text.split(",").map((piece) => piece.trim())) {
    if (part === "") continue;
    const match = /^([a-zA-Z]+)\s*<=?\s*([0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)$/.exec(part);
    const [, name = "", value = ""] = match ?? [];
    const key = name.toLowerCase();
    const meaning = Object.hasOwn(written, key) ? written[key] : undefined;
    if (meaning === undefined) throw invalid(part, key);
    const bound = Number(value) * meaning.factor;
    if (!(bound > 0) || !Number.isFinite(bound)) throw invalid(part, key);
    found[meaning.bound] = Math.min(found[meaning.bound] ?? Number.POSITIVE_INFINITY, bound);
  }
  return found;
}

function invalid(part: string, name: string): SampanError {
  const near = name === "" ? undefined : suggest(name, Object.keys(written));
  const offer = near === undefined || near === name ? "" : `Did you mean ${near}? `;
  const forms = Object.entries(written).map(([key, { about }]) => `${key} (${about})`);
  return new SampanError("usage-invalid", `"${part.slice(0, 80)}" is not a constraint`, {
    hint: `${offer}Write for example "usd<2e6,days<30". Bounds: ${forms.join(", ")}.`,
  });
}
