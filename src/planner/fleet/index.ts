export type { FleetGroup, FleetPlan } from "./fleet.ts";
export { jointOf } from "./joint.ts";
export { planFleet, type FleetAnswer } from "./plan-fleet.ts";
