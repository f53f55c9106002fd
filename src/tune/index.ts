export { tune } from "./tune.ts";
export {
  chooseTuneSettings,
  estimateTuneSeconds,
  flopsPerToken,
  type ChosenSettings,
  type TuneFacts,
} from "./choose-settings.ts";
export type {
  LossPoint,
  ResolvedTuneSettings,
  TuneExample,
  TuneProgress,
  TuneRequest,
  TuneResult,
} from "./tune-request.ts";
export { gradientsOf, logitsOf, type ProbeRequest } from "./probe.ts";
export { readPeftAdapter, writePeftAdapter, type AdapterFile } from "./write-peft.ts";
export { adapterGgufChunks } from "./write-gguf-adapter.ts";
