export { findSourceFile } from "./find-source-file.ts";
export { storedPath, type FoundFile } from "./keep-file.ts";
export { openBase, readBaseCatalogue, type Base } from "./open-base.ts";
export type { IntakeEnvironment, Whereabouts } from "./places.ts";
