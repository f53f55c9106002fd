/** Readers that need no module beside the task. */
export const builtInReaders: readonly string[] = ["jsonl", "json", "csv", "tsv"];
