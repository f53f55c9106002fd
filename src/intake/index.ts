export { findSourceFile } from "./find-source-file.ts";
export { foreseeBase, type ForeseenBase } from "./foresee-base.ts";
export { checkBase, openBase, type Base } from "./open-base.ts";
export type { Whereabouts } from "./places.ts";
