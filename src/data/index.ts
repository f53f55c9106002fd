export { readTaskFile, readYamlFile, type TaskFile } from "./task-file.ts";
export { taskJsonSchema } from "./task-json-schema.ts";
export type { TaskIssue } from "./task-issue.ts";
export { validateObject, type ValueIssue } from "./validate-value.ts";
export { readRecords, type RecordBatch, type RecordCounts } from "./read-records.ts";
export { joinRecords, type MergedRecords } from "./merge-records.ts";
export type { Reader, ReaderItem } from "./run-reader.ts";
export type { Reject } from "./row.ts";
export { splitRecords } from "./split-records.ts";
export { checkSplits } from "./check-splits.ts";
export {
  describeRecords,
  type FieldDescription,
  type RecordsDescription,
} from "./describe-records.ts";
export { proposeTask, type ProposalOptions, type TaskProposal } from "./propose/propose-task.ts";
