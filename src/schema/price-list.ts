import { z } from "zod";
import { rangedSchema } from "./quantity.ts";

/** `catalogue/prices.json`: what a fleet costs besides its accelerators. Every value has a source and a range. */
export const priceListSchema = z.strictObject({
  /** Industrial tariffs by place; `world` is what is used when no place is named. */
  electricity: z
    .record(z.string().regex(/^[a-z][a-z-]*$/), rangedSchema("USD/kWh"))
    .refine((places) => Object.hasOwn(places, "world"), { message: "needs world" }),
  /** Facility power over IT power, by how the hall is cooled. */
  pue: z.strictObject({
    hyperscale: rangedSchema("ratio"),
    average: rangedSchema("ratio"),
    serverRoom: rangedSchema("ratio"),
  }),
  /** Draw under load over the accelerator's rated power, by what it does. */
  powerShare: z.strictObject({
    training: rangedSchema("share"),
    prefill: rangedSchema("share"),
    decode: rangedSchema("share"),
    idle: rangedSchema("share"),
  }),
  /** Host, fans and network over the accelerators' own draw. */
  hostPower: rangedSchema("ratio"),
  /** Price of a server over the price of its accelerators. */
  serverMarkup: rangedSchema("ratio"),
  /** Price of the network between servers over the price of the servers. */
  networkShare: rangedSchema("share"),
  /** Hall, power and cooling to build or lease, per kilowatt of IT power and month. */
  hosting: rangedSchema("USD/kW/month"),
  amortisation: rangedSchema("years"),
  /** What a buyer pays after the amortisation time, over the purchase price. */
  residual: rangedSchema("share"),
  /** Yearly cost of the money that is bound. */
  interest: rangedSchema("share/year"),
  /** Spares and contracts per year, over the purchase price. */
  maintenance: rangedSchema("share/year"),
  /** Hours in use over hours owned. */
  utilisation: rangedSchema("share"),
  staff: z.strictObject({
    /** One person who keeps the fleet running, all costs included. */
    yearlyCost: rangedSchema("USD/year"),
    acceleratorsPerPerson: rangedSchema("accelerators"),
    /** One engineer-month of kernel or framework work, all costs included. */
    engineerMonth: rangedSchema("USD/month"),
  }),
  failures: z.strictObject({
    /** Interruptions of a job per 1,000 accelerators and day, by how settled the hardware and software are. */
    mature: rangedSchema("1/1000 accelerator-days"),
    young: rangedSchema("1/1000 accelerator-days"),
    /** From the stop to the first new step: detection, replacement, loading. */
    restart: rangedSchema("s"),
    /** Bytes per second that one node writes of a checkpoint to shared storage. */
    checkpointBandwidth: rangedSchema("B/s"),
  }),
  /** Money of a place for one dollar. */
  exchange: z.strictObject({ cny: rangedSchema("CNY/USD"), eur: rangedSchema("EUR/USD") }),
});

export type PriceList = z.infer<typeof priceListSchema>;
