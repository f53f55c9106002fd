import type { TextEncoding } from "../../schema/index.ts";
import { stepCharacter } from "./encoded-character.ts";
import { Interned, many, none, type Leaf } from "./leaf.ts";

/** The texts that spans come from, written in one encoding, one after the other. */
export interface WrittenSources {
  readonly bytes: Uint8Array;
  /** Whether a character starts or a text ends here; length bytes + 1. */
  readonly boundary: Uint8Array;
  /** Characters of the same text that end after here; length bytes + 1. */
  readonly left: Int32Array;
}

interface Place {
  readonly count: number;
  /** Where in the sources the span may be, ascending. */
  readonly positions: readonly number[];
}

/** A verbatim span of one of the sources, between two lengths in characters. */
export function spanLeaf(
  bounds: { readonly min: number; readonly max: number },
  sources: WrittenSources,
): Leaf {
  const { min, max } = bounds;
  const { bytes, boundary, left } = sources;
  const places = new Interned<Place>();
  const add = (place: Place): number | undefined => {
    const positions = place.positions.filter((at) => place.count + (left[at] ?? 0) >= min);
    if (positions.length === 0) return undefined;
    return places.id(`${place.count}:${positions.join(",")}`, { count: place.count, positions });
  };
  const atBoundary = ({ positions }: Place) => boundary[positions[0] ?? 0] === 1;

  function step(state: number, byte: number): number | undefined {
    const place = places.at(state);
    if (place.count >= max && atBoundary(place)) return undefined;
    const positions = place.positions
      .filter((at) => bytes[at] === byte && (left[at] ?? 0) > 0)
      .map((at) => at + 1);
    const [first = 0] = positions;
    return add({ count: place.count + (boundary[first] === 1 ? 1 : 0), positions });
  }

  const starts = [...boundary.keys()].filter((at) => boundary[at] === 1);
  return {
    start: min > max ? undefined : add({ count: 0, positions: starts }),
    step,
    done(state) {
      const place = places.at(state);
      return place.count >= min && atBoundary(place);
    },
    only(state) {
      const place = places.at(state);
      if (place.count >= max && atBoundary(place)) return none;
      let found = none;
      for (const at of place.positions) {
        if ((left[at] ?? 0) === 0) continue;
        const byte = bytes[at] ?? none;
        if (step(state, byte) === undefined || byte === found) continue;
        if (found !== none) return many;
        found = byte;
      }
      return found;
    },
    wide: () => false,
  };
}

/** Lays the sources (already written in the encoding) out for spans. */
export function layOutSources(encoding: TextEncoding, written: readonly string[]): WrittenSources {
  // The empty span is in any text; without sources it is in the empty one.
  const texts = (written.length > 0 ? written : [""]).map((text) => Buffer.from(text));
  // One byte between texts, which no span can cross because nothing is left there.
  const size = texts.reduce((total, text) => total + text.length + 1, 0);
  const bytes = new Uint8Array(size);
  const boundary = new Uint8Array(size + 1);
  const left = new Int32Array(size + 1);
  let offset = 0;
  for (const text of texts) {
    bytes.set(text, offset);
    let cursor = 0;
    boundary[offset] = 1;
    for (const [i, byte] of text.entries()) {
      const step = stepCharacter(encoding, cursor, byte);
      cursor = step?.kind === "inside" ? step.cursor : 0;
      boundary[offset + i + 1] = cursor === 0 ? 1 : 0;
    }
    for (let i = text.length - 1; i >= 0; i--) {
      left[offset + i] = (left[offset + i + 1] ?? 0) + (boundary[offset + i + 1] ?? 0);
    }
    offset += text.length + 1;
  }
  return { bytes, boundary, left };
}
