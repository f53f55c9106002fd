import type { Architecture, TrainingPlan } from "../../schema/index.ts";
import type { Chip, Wire } from "../chip.ts";
import type { Circumstances, CoefficientTable } from "../efficiency/coefficients.ts";
import type { Fabric } from "../wires/fabric.ts";

/** Identical accelerators of a mixed fleet. */
export interface FleetGroup {
  readonly name: string;
  readonly chip: Chip;
  readonly fabric: Fabric;
  readonly count: number;
  readonly circumstances: Circumstances;
  /** USD per accelerator and hour. */
  readonly rent: number;
}

/** One training job that may run on several groups at once. */
export interface FleetJob {
  readonly model: Architecture;
  /** Batch, sequence, precision and what is trained; degrees are searched. */
  readonly asked: TrainingPlan;
  readonly balanced: boolean;
  readonly overlapsData: boolean;
  readonly groups: readonly FleetGroup[];
  /** Joins the groups; its bandwidth is that of the whole joint, one direction, shared by all who cross it. */
  readonly between: Wire;
  readonly table: CoefficientTable;
}

/** What one group does in a plan. */
export interface FleetMember {
  readonly group: string;
  readonly count: number;
  readonly plan: TrainingPlan;
  /** Sequences of each step. */
  readonly sequences: number;
  /** Layers of each of its pipeline stages, where the pipeline is shared. */
  readonly layers: readonly number[];
  /** Seconds of a step in which it works rather than waits. */
  readonly busy: number;
}

/**
 * How the groups share the job: `alone` is one group by itself; `data` gives each group whole replicas and its own
 * share of the batch; `pipeline` gives each group some stages of every replica.
 */
export interface FleetPlan {
  readonly kind: "alone" | "data" | "pipeline";
  readonly members: readonly FleetMember[];
  /** Seconds of one step. */
  readonly seconds: number;
  /** Of those, seconds that only the link between the groups takes. */
  readonly crossing: number;
  readonly tokensPerSecond: number;
  /** USD of rent per million tokens. */
  readonly price: number;
  /** What would have to be faster for the step to be faster. */
  readonly binding: string;
}
