import { z } from "zod";
import { rangedSchema } from "./quantity.ts";

/** What a step's time goes to, by what has to be written anew for another platform. */
export const workClasses = ["products", "attention", "streaming", "collectives", "launch"] as const;

const ratio = rangedSchema("ratio");

/** Speed of each class, as a share of what the datasheet allows, over the reference platform's share. */
const platformSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  /** Chip families of the accelerator catalogue. */
  families: z.array(z.string().min(1)).min(1),
  ratios: z.strictObject({
    products: ratio,
    attention: ratio,
    streaming: ratio,
    collectives: ratio,
    launch: ratio,
  }),
});

/** `catalogue/adaptation.json`: how far platforms are from the reference, and what it takes to come closer. */
export const adaptationSchema = z
  .strictObject({
    /** Id of the platform that the others are held against. */
    reference: z.string().min(1),
    platforms: z.array(platformSchema).min(1).max(100),
    /** Used where a family belongs to no platform. */
    unknown: platformSchema.shape.ratios,
    curve: z.strictObject({
      /** Work of one's own engineers that halves what is left of the gap. */
      effortHalving: rangedSchema("engineer-months"),
      /** Time in which the maker and the community halve it unasked. */
      freeHalving: rangedSchema("years"),
      /** Share of the gap that no effort closes. */
      remainder: rangedSchema("share"),
    }),
  })
  .refine(({ platforms, reference }) => platforms.some(({ id }) => id === reference), {
    message: "the reference is not among the platforms",
  });

export type WorkClass = (typeof workClasses)[number];
export type Adaptation = z.infer<typeof adaptationSchema>;
