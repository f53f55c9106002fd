import { z } from "zod";
import { datedFactSchema, quantitySchema, rangedSchema } from "./quantity.ts";

/** Number formats that a matrix unit may take; accumulation is at least fp32 (int32 for integers). */
export const precisions = ["fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp4", "int4"] as const;

const identifier = z.string().regex(/^[a-z0-9]+(-[a-z0-9.]+)*$/);
const floatPeak = quantitySchema("FLOP/s").optional();
const integerPeak = quantitySchema("OP/s").optional();

/** Dense peaks, a multiply and an add counted as two; absent means no unit for it (run it in a wider format). */
const peaksSchema = z
  .strictObject({
    fp32: floatPeak,
    tf32: floatPeak,
    bf16: floatPeak,
    fp16: floatPeak,
    fp8: floatPeak,
    int8: integerPeak,
    fp4: floatPeak,
    int4: integerPeak,
  })
  .refine(({ fp32, bf16, fp16 }) => (fp32 ?? bf16 ?? fp16) !== undefined, {
    message: "needs fp32, bf16 or fp16",
  });

/** The links that join chips of one node or rack; `null` where chips meet over PCIe only. */
const scaleUpSchema = z
  .strictObject({
    /** Id of a row of `catalogue/links.json`. */
    link: identifier,
    /** One direction, all ports of one accelerator together. */
    bandwidth: quantitySchema("B/s"),
    /** Accelerators that reach each other over this link alone. */
    maxDomain: quantitySchema("accelerators"),
  })
  .nullable();

/** One row of `catalogue/accelerators/*.json`; one accelerator is what the framework sees as one device. */
export const acceleratorSchema = z.strictObject({
  id: identifier,
  name: z.string().min(1),
  aliases: z.array(z.string().min(1)),
  vendor: z.string().min(1),
  kind: z.enum(["gpu", "npu", "tpu", "cpu", "apu"]),
  /** Chips of one family share kernels, hence priors: "hopper", "cdna3", "davinci". */
  family: identifier,
  launch: datedFactSchema,
  /** What the device holds; a system, driver or context takes its share of it. */
  memory: quantitySchema("B"),
  memoryBandwidth: quantitySchema("B/s"),
  peaks: peaksSchema,
  scaleUp: scaleUpSchema,
  /** Link to the host, and to other chips where there is no scale-up link; `null` where host memory is shared. */
  pcie: z
    .strictObject({ generation: quantitySchema("generation"), lanes: quantitySchema("lanes") })
    .nullable(),
  power: quantitySchema("W"),
  prices: z.strictObject({ purchase: rangedSchema("USD"), rent: rangedSchema("USD/h") }),
});

/** One row of `catalogue/links.json`. */
export const linkSchema = z.strictObject({
  id: identifier,
  name: z.string().min(1),
  aliases: z.array(z.string().min(1)),
  /** From near to far: between dies of a package; between accelerators; to the host; between nodes. */
  tier: z.enum(["package", "scale-up", "host", "scale-out"]),
  /** One direction: of one accelerator (scale-up), of the slot (host) or of the port (scale-out). */
  bandwidth: quantitySchema("B/s"),
  /** Software included: one small message from device to device. */
  latency: quantitySchema("s"),
  /** Share of `bandwidth` that large collectives reach. */
  efficiency: quantitySchema("share"),
});

export type NumberFormat = (typeof precisions)[number];
export type Accelerator = z.infer<typeof acceleratorSchema>;
export type Link = z.infer<typeof linkSchema>;
