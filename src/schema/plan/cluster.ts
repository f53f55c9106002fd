import { z } from "zod";
import { unitTextSchema } from "./unit-text.ts";

const label = z.string().min(1).max(100);
const count = z.int().min(1).max(1_000_000);

/** A link by its row in `catalogue/links.json`, with what this cluster's differs in. */
const clusterLinkSchema = z.strictObject({
  /** Id of a link of the catalogue, e.g. `infiniband-ndr`. */
  link: label.optional(),
  /** One direction; of one accelerator (scale-up) or of the whole node (scale-out, all its ports together). */
  bandwidth: unitTextSchema("B/s").optional(),
  latency: unitTextSchema("s").optional(),
  /** Ports per node (scale-out only); 1 when left out and no bandwidth is given. */
  ports: z.int().min(1).max(256).optional(),
});

/** Identical accelerators in identical nodes. */
export const clusterGroupSchema = z.strictObject({
  name: label.optional(),
  /** Id, name or alias of a chip of the catalogue. */
  accelerator: label,
  count,
  perNode: z.int().min(1).max(100_000).default(8),
  /** Between accelerators of a node (or rack); the chip's own link when left out. */
  scaleUp: clusterLinkSchema.optional(),
  /** Between nodes. */
  scaleOut: clusterLinkSchema.optional(),
  /** Rent per accelerator and hour, or purchase per accelerator; the catalogue's range when left out. */
  rent: unitTextSchema("USD/h").optional(),
  purchase: unitTextSchema("USD").optional(),
  /** Draw of one accelerator under load; the datasheet's when left out. */
  power: unitTextSchema("W").optional(),
});

/** `cluster.yaml`: the hardware at hand, possibly of several kinds. */
export const clusterSchema = z.strictObject({
  name: label,
  groups: z.array(clusterGroupSchema).min(1).max(16),
  /** The link that joins the groups (the slowest hop); the slower of their scale-out links when left out. */
  between: clusterLinkSchema.optional(),
  /** Price of electricity. */
  electricity: unitTextSchema("USD/kWh").optional(),
  /** Facility power over IT power. */
  pue: z.number().min(1).max(3).optional(),
});

export type Cluster = z.infer<typeof clusterSchema>;
export type ClusterGroup = z.infer<typeof clusterGroupSchema>;
export type ClusterLink = z.infer<typeof clusterLinkSchema>;
