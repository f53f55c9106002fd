import type { Tokenizer } from "../../schema/index.ts";
import { none, many } from "../automaton/leaf.ts";
import type { Machine } from "../automaton/machine.ts";
import type { Vocabulary } from "../automaton/vocabulary.ts";
import { encodeContinuation } from "../encode-example.ts";

/** Text that no decision is needed for, from one state on. */
export interface ForcedRun {
  readonly bytes: readonly number[];
  /** Where the text leads. */
  readonly state: number;
  /** Whether the answer is complete after it. */
  readonly closes: boolean;
}

/** Follows the grammar for as long as one byte, and no end, is all that can come. */
export function forcedRun(machine: Machine, from: number): ForcedRun {
  const bytes: number[] = [];
  let state = from;
  let byte = machine.only(state);
  while (byte !== none && byte !== many && !machine.accepts(state)) {
    bytes.push(byte);
    state = machine.step(state, byte);
    byte = machine.only(state);
  }
  return { bytes, state, closes: byte === none };
}

/**
 * Canonical ids of a forced run. Unless the answer closes with it, the last ones are held back where a
 * longer token could run on past the end (`": "` before `" Main"`): there the model decides.
 */
export function encodeRun(
  run: ForcedRun,
  from: number,
  machine: Machine,
  vocabulary: Vocabulary,
  tokenizer: Tokenizer,
): readonly number[] {
  const whole = Uint8Array.from(run.bytes);
  const bytes = whole.subarray(0, completeLength(whole));
  const ids = spell(tokenizer, bytes);
  if (ids === undefined) return [];
  if (run.closes) return ids;
  const end = machine.walk(from, bytes);
  let start = 0;
  for (const [i, id] of ids.entries()) {
    const rest = bytes.subarray(start);
    const runsOn = vocabulary.follow(machine, end, 0, rest) === undefined;
    if (runsOn) return ids.slice(0, i);
    start += tokenizer.bytes(id).length;
  }
  return ids;
}

/** Canonical ids of these bytes, if they are text that the tokenizer gives back unchanged. */
export function spell(tokenizer: Tokenizer, bytes: Uint8Array): readonly number[] | undefined {
  if (bytes.length === 0) return [];
  const ids = encodeContinuation(tokenizer, Buffer.from(bytes).toString("utf8"));
  const spelled = Buffer.concat(ids.map((id) => tokenizer.bytes(id)));
  return spelled.equals(bytes) ? ids : undefined;
}

/** Length without a UTF-8 sequence that is cut off at the end. */
export function completeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
