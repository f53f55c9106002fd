/**
 * Sampan as a library: every verb of the command line, with its input schema and `run`, and the contracts
 * of what goes in and out. The world comes in through `OperationContext`.
 */
export { SampanError, type ErrorCode, type SampanEvent } from "./kernel/index.ts";
export {
  operations,
  type Operation,
  type OperationContext,
  type OperationResult,
} from "./operations/index.ts";
export {
  taskSchema,
  type Answer,
  type Answerer,
  type Assessment,
  type ReportData,
  type Selection,
  type Task,
  type TaskRecord,
} from "./schema/index.ts";
