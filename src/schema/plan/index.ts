export type {
  Architecture,
  Attention,
  ExpertFeedForward,
  FeedForward,
  GroupedAttention,
  LatentAttention,
  LayerGroup,
  RecurrentMixer,
} from "./architecture.ts";
export { clusterSchema, type Cluster, type ClusterGroup, type ClusterLink } from "./cluster.ts";
export type {
  BarChart,
  ChartAxis,
  DotChart,
  LineChart,
  PlanChart,
  PlanReport,
} from "./plan-report.ts";
export { publishedRunSchema, type PublishedRun } from "./published-run.ts";
export {
  termSchema,
  type Constant,
  type Feasibility,
  type Provenance,
  type Reason,
  type Term,
} from "./term.ts";
export { trafficSchema, type Traffic } from "./traffic.ts";
export {
  trainingPlanSchema,
  trainingPrecisions,
  type Recompute,
  type Schedule,
  type TrainingPlan,
  type TrainingPrecision,
} from "./training.ts";
export type { UnitKind } from "./unit-text.ts";
