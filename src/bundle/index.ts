export { openBundle, type Bundle } from "./open-bundle.ts";
export { packBundle, type BundlePart, type PackedBundle, type PackRequest } from "./pack-bundle.ts";
export type { FileOrigin } from "./place-file.ts";
export { verifyBundle, type BundleVerdict } from "./verify-bundle.ts";
