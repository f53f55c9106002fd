import type { TextEncoding } from "../../schema/index.ts";
import { completions, stepCharacter, type Cursor } from "./encoded-character.ts";
import { Interned, many, none, type Leaf } from "./leaf.ts";
import type { Pattern, PatternState } from "./pattern.ts";

interface Place {
  /** Characters so far. */
  readonly count: number;
  readonly cursor: Cursor;
  readonly matched: PatternState | undefined;
}

/** Free text between two lengths, in characters; under a pattern where one is given. */
export function textLeaf(
  bounds: { readonly encoding: TextEncoding; readonly min: number; readonly max: number },
  pattern: Pattern | undefined,
): Leaf {
  const { encoding, min, max } = bounds;
  const places = new Interned<Place>();
  const add = (place: Place): number =>
    places.id(`${place.count} ${place.cursor} ${place.matched?.key ?? ""}`, place);

  function step(state: number, byte: number): number | undefined {
    const { count, cursor, matched } = places.at(state);
    if (cursor === 0 && count >= max) return undefined;
    const next = stepCharacter(encoding, cursor, byte);
    if (next === undefined) return undefined;
    if (next.kind === "character") {
      const after = matched && pattern?.step(matched, next.code);
      if (pattern && !(after && pattern.reaches(after, min - count - 1, max - count - 1))) {
        return undefined;
      }
      return add({ count: count + 1, cursor: 0, matched: after });
    }
    const open = completions(encoding, next.cursor);
    const live =
      !matched ||
      !pattern ||
      open.some(([low, high]) => pattern.canTake(matched, low, high, min - count, max - count));
    return live ? add({ count, cursor: next.cursor, matched }) : undefined;
  }

  const first = pattern?.start;
  const startable = pattern === undefined || (first && pattern.reaches(first, min, max));
  return {
    start: startable && min <= max ? add({ count: 0, cursor: 0, matched: first }) : undefined,
    step,
    done(state) {
      const { count, cursor, matched } = places.at(state);
      return cursor === 0 && count >= min && (!matched || (pattern?.accepts(matched) ?? true));
    },
    only(state) {
      const { count, cursor } = places.at(state);
      if (cursor === 0 && count >= max) return none;
      if (cursor === 0 && !pattern) return many;
      let found = none;
      for (let byte = 0; byte < 256; byte++) {
        if (step(state, byte) === undefined) continue;
        if (found !== none) return many;
        found = byte;
      }
      return found;
    },
    wide(state) {
      const { count, cursor } = places.at(state);
      return !pattern && cursor === 0 && count < max;
    },
  };
}
