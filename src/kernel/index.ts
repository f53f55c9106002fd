export { assertNever, errorKinds, SampanError, suggest, type ErrorCode } from "./errors.ts";
export { Hasher, sha256, type Digest } from "./hash.ts";
export { canonicalJson, digestOf, isDeeperThan, type Json, type JsonObject } from "./json.ts";
export { Random } from "./random.ts";
export type { Emit, SampanEvent } from "./events.ts";
export { mean, quantile, sum } from "./statistics.ts";
