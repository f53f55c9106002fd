export {
  isRequired,
  objectSchema,
  outputDefaults,
  type ArraySchema,
  type BooleanSchema,
  type ConstSchema,
  type EnumSchema,
  type FieldSchema,
  type NumberSchema,
  type ObjectSchema,
  type TextSchema,
} from "./value.ts";
export { sourceFileSchema, type PipPart, type Place, type SourceFile } from "./place.ts";
export { baseEntrySchema, type BaseEntry, type Licence } from "./base.ts";
export * from "./task.ts";
export type { SplitRecords, TaskRecord } from "./record.ts";
export {
  adaptable,
  type Adapter,
  type AdapterPair,
  type Family,
  type ModelConfig,
  type ModelShape,
  type Projection,
  type RopePairing,
  type TensorInfo,
  type Weights,
} from "./model.ts";
export type { ByteSource } from "./ports/byte-source.ts";
export type { Tokenizer } from "./ports/tokenizer.ts";
export type { Answer, Answerer, AnswerOption } from "./ports/answerer.ts";
export {
  type ChainRule,
  type ConfidenceMap,
  type MergeMap,
  type PoolMap,
  type SurerMap,
} from "./chain.ts";
export type * from "./evaluation.ts";
export { costPerCorrect, type TransactionCounts } from "./cost-identity.ts";
export type * from "./report.ts";
export type { Grammar, TextEncoding } from "./grammar.ts";
export {
  bundleFormat,
  bundleManifestSchema,
  type BundleFacts,
  type BundleFile,
  type BundleManifest,
} from "./bundle.ts";
export { deploymentSchema, type Deployment, type DeploymentMember } from "./deployment.ts";
export * from "./plan/index.ts";
export {
  acceleratorSchema,
  linkSchema,
  type Accelerator,
  type Link,
  type NumberFormat,
} from "./accelerator.ts";
export type { Quantity, Sureness } from "./quantity.ts";
export { priceListSchema, type PriceList } from "./price-list.ts";
export { adaptationSchema, workClasses, type Adaptation, type WorkClass } from "./adaptation.ts";
export {
  assumptionNames,
  forecastSchema,
  type Assumption,
  type AssumptionName,
  type Forecast,
  type Scenario,
} from "./assumptions.ts";
