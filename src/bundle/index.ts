export { openBundle } from "./open-bundle.ts";
export { packBundle, type BundlePart } from "./pack-bundle.ts";
export { verifyBundle } from "./verify-bundle.ts";
