import type { Tokenizer } from "../../schema/index.ts";
import type { Wanted } from "../evaluator.ts";

/** Longest run of last tokens that is looked up. */
const longestRun = 3;

/**
 * A likely next token among the wanted ones: what followed the last time that the last tokens occurred
 * in prompt or answer, because bounded answers copy a lot; where a comma followed, the end of the field.
 */
export function guessNext(
  said: readonly number[],
  wanted: Wanted,
  tokenizer: Tokenizer,
): number | undefined {
  const followed = lookUp(said);
  if (followed === undefined) return undefined;
  if (wanted.kind === "likeliest") return wanted.passes(followed) ? followed : undefined;
  if (wanted.kind === "all") return followed;
  if (/^[,;\n]/.test(Buffer.from(tokenizer.bytes(followed)).toString("latin1"))) {
    const end = wanted.ids.find((id) =>
      /^["\n]/.test(String.fromCharCode(tokenizer.bytes(id)[0] ?? 0)),
    );
    if (end !== undefined) return end;
  }
  return wanted.ids.includes(followed) ? followed : undefined;
}

function lookUp(said: readonly number[]): number | undefined {
  for (let run = Math.min(longestRun, said.length - 1); run > 0; run--) {
    for (let at = said.length - run - 1; at >= 0; at--) {
      let same = 0;
      while (same < run && said[at + same] === said[said.length - run + same]) same++;
      if (same === run) return said[at + run];
    }
  }
  return undefined;
}
