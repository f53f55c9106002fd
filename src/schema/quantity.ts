import { z } from "zod";

/**
 * How sure a catalogue value is, best first: someone measured it; the maker's own document says so; the press or a
 * third party says so; nobody published it, so it is a guess with a range.
 */
export const surenessSchema = z.enum(["measured", "datasheet", "press", "prior"]);

/** A day, or only the month or year that a source gives. */
const datedSchema = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, "a date like 2026-11-24, 2026-11 or 2026");

/** A number of one unit with where it comes from; a prior must carry its range. */
export function quantitySchema<const Unit extends string>(unit: Unit) {
  return z
    .strictObject({
      value: z.number().nonnegative(),
      unit: z.literal(unit),
      source: z.string().min(8),
      date: datedSchema,
      sureness: surenessSchema,
      low: z.number().nonnegative().optional(),
      high: z.number().nonnegative().optional(),
      note: z.string().optional(),
    })
    .refine(({ value, low, high }) => (low ?? value) <= value && value <= (high ?? value), {
      message: "low, value and high are out of order",
    })
    .refine(
      ({ sureness, low, high }) =>
        sureness !== "prior" || (low !== undefined && high !== undefined),
      {
        message: "a prior needs low and high",
      },
    );
}

/** As `quantitySchema`, for prices and the like: a range always, whatever the source. */
export function rangedSchema<const Unit extends string>(unit: Unit) {
  return quantitySchema(unit).refine(({ low, high }) => low !== undefined && high !== undefined, {
    message: "needs low and high",
  });
}

/** A day that a source states, such as a launch. */
export const datedFactSchema = z.strictObject({
  value: datedSchema,
  unit: z.literal("date"),
  source: z.string().min(8),
  date: datedSchema,
  sureness: surenessSchema,
});

export type Sureness = z.infer<typeof surenessSchema>;

/** One catalogue number: `value` in SI units (bytes, B/s, FLOP/s, W, s, USD), its source and how sure it is. */
export interface Quantity<Unit extends string = string> {
  readonly value: number;
  readonly unit: Unit;
  /** Title, publisher or document; never empty. */
  readonly source: string;
  readonly date: string;
  readonly sureness: Sureness;
  /** About the 10th and 90th percentile of what the truth may be. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly note?: string | undefined;
}
