export { takeBuildLock } from "./build-lock.ts";
export { Ledger, type NumberRow, type RunRow, type StageRow } from "./ledger.ts";
export {
  StageStore,
  type FinishedStage,
  type StageFile,
  type StageKey,
  type StageOutput,
} from "./stage-store.ts";
