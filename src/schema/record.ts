import type { Digest, JsonObject } from "../kernel/index.ts";

/** One labelled example. */
export interface TaskRecord {
  /** sha256 of the canonical JSON of input and output. */
  readonly id: Digest;
  readonly input: JsonObject;
  readonly output: JsonObject;
  /** Records of one group stay in one split; a digest of the normalised input when the source names none. */
  readonly group: string;
  /** `source:line` or `source:index`, for messages. */
  readonly place: string;
}

export interface SplitRecords {
  readonly train: readonly TaskRecord[];
  readonly validation: readonly TaskRecord[];
  readonly test: readonly TaskRecord[];
}
