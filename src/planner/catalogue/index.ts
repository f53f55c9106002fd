export { findEntry, requireEntry } from "./find-entry.ts";
export { nameKey } from "./name-keys.ts";
export { parseAdaptation } from "./parse-adaptation.ts";
export { parseAccelerators, parseLinks } from "./parse-catalogue.ts";
export { parsePrices } from "./parse-prices.ts";
