import type { Tokenizer } from "../../schema/index.ts";
import { dead, type Machine } from "../automaton/machine.ts";
import type { Vocabulary } from "../automaton/vocabulary.ts";
import { completeLength, forcedRun, spell } from "./forced-run.ts";

/** More candidates than this are not listed; the likeliest tokens are tried one by one instead. */
const mostCandidates = 512;

/** The tokens that may come next (without `eos`), or undefined when there are too many to list. */
export function listCandidates(
  state: number,
  machine: Machine,
  vocabulary: Vocabulary,
  tokenizer: Tokenizer,
): readonly number[] | undefined {
  if (machine.wide(state)) return undefined;
  const ids = vocabulary.follow(machine, state, mostCandidates);
  return ids && preferCanonical(ids, state, machine, tokenizer);
}

/**
 * Leaves out a token whose text goes on in one way only and is canonically begun by another candidate:
 * of `a`, `app` and `approved` for the text `approved`, the model was tuned on the last.
 */
function preferCanonical(
  ids: readonly number[],
  state: number,
  machine: Machine,
  tokenizer: Tokenizer,
): readonly number[] {
  if (ids.length === 1) return ids;
  const listed = new Set(ids);
  const canonical = new Map<number, number>();
  for (const id of ids) {
    const bytes = tokenizer.bytes(id);
    const next = machine.walk(state, bytes);
    const run = next === dead ? undefined : forcedRun(machine, next);
    const text = Uint8Array.from([...bytes, ...(run?.bytes ?? [])]);
    const [first] = run?.bytes.length
      ? (spell(tokenizer, text.subarray(0, completeLength(text))) ?? [])
      : [id];
    canonical.set(id, first !== undefined && listed.has(first) ? first : id);
  }
  return ids.filter((id) => {
    const better = canonical.get(id) ?? id;
    return better === id || canonical.get(better) !== better;
  });
}
