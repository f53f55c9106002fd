import { z } from "zod";
import { surenessSchema } from "./quantity.ts";

/** Names of what the forecast assumes; the file says what each is. */
export const assumptionNames = [
  "transactions",
  "input",
  "output",
  "person",
  "error",
  "hour",
  "peak",
  "bandwidth",
  "served",
  "cheaper",
  "powerShare",
  "powerGrowth",
  "gap",
  "gapGrowth",
  "frontierParameters",
  "frontierGrowth",
  "frontierPrompt",
  "frontierThinking",
  "frontierMargin",
  "frontierGuard",
  "frontierGuardGrowth",
  "frontierError",
  "frontierThrough",
  "frontierBetter",
  "frontierMonths",
  "lowParameters",
  "lowGuard",
  "lowGuardGrowth",
  "lowUtilisation",
  "lowError",
  "lowThrough",
  "lowBetter",
  "lowMonths",
  "firstMonths",
  "month",
  "openStops",
  "ageing",
  "cutOff",
  "foreign",
  "migration",
  "interest",
  "leverParameters",
  "leverActive",
  "leverTotal",
  "leverBits",
  "leverTokens",
  "leverHead",
  "leverDensity",
  "leverPretrain",
  "leverTune",
  "leverBatch",
] as const;

export type AssumptionName = (typeof assumptionNames)[number];

/** A number with the range in which four of five worlds lie; unlike a price it may fall below zero (a growth). */
const assumptionSchema = z
  .strictObject({
    value: z.number(),
    low: z.number(),
    high: z.number(),
    unit: z.string().min(1).max(40),
    source: z.string().min(8),
    date: z.string(),
    sureness: surenessSchema,
    about: z.string().max(300),
  })
  .refine(({ value, low, high }) => low <= value && value <= high, {
    message: "low, value and high are out of order",
  });

export type Assumption = z.infer<typeof assumptionSchema>;

/** One world that is set beside the expected one, by the assumptions that differ. */
const scenarioSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*$/),
  name: z.string().min(1).max(80),
  about: z.string().max(300),
  changes: z.partialRecord(z.enum(assumptionNames), assumptionSchema),
});

/** `catalogue/assumptions.json`, expanded: everything that `plan forecast` rests on. */
export const forecastSchema = z.strictObject({
  assumptions: z.record(z.enum(assumptionNames), assumptionSchema),
  scenarios: z.array(scenarioSchema).min(1).max(50),
});

export type Forecast = z.infer<typeof forecastSchema>;
export type Scenario = z.infer<typeof scenarioSchema>;
