import { sha256 } from "../../kernel/index.ts";
import { nameKey } from "../catalogue/index.ts";

/** Parts that models are dealt into. */
export const modelFolds = 10;

/** The part of a model, by the digest of its name without what stands in brackets, so that its variants stay together. */
export function modelFold(model: string): number {
  const bare = nameKey(model.replaceAll(/\([^)]*\)/g, ""));
  return Number.parseInt(sha256(bare).slice(0, 6), 16) % modelFolds;
}
