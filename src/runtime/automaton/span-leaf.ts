import { encodeText } from "../../framing/index.ts";
import type { TextEncoding } from "../../schema/index.ts";
import { Interned, many, none, type Leaf } from "./leaf.ts";
import { isInsideWord } from "./word-boundary.ts";

/** The texts that spans come from, written in one encoding, one after the other. */
export interface WrittenSources {
  readonly bytes: Uint8Array;
  /** Whether a character starts or a text ends here. */
  readonly boundary: Uint8Array;
  /** The same, but not inside a word or a number. */
  readonly wordBoundary: Uint8Array;
  /** Characters of the same text from here on, one that is begun included. */
  readonly left: Int32Array;
}

interface Place {
  /** Whole characters so far. */
  readonly count: number;
  /** Where in the sources the span may be, ascending. */
  readonly positions: readonly number[];
}

/** A verbatim span of one of the sources, between two lengths in characters. */
export function spanLeaf(
  bounds: { readonly min: number; readonly max: number; readonly wholeWords?: boolean },
  sources: WrittenSources,
): Leaf {
  const { min, max } = bounds;
  const { bytes, boundary, left } = sources;
  const edges = bounds.wholeWords ? sources.wordBoundary : boundary;
  const places = new Interned<Place>();
  const add = (count: number, positions: readonly number[]): number | undefined => {
    const live = positions.filter((at) => canEnd(at, count));
    return live.length === 0
      ? undefined
      : places.id(`${count}:${live.join(",")}`, { count, positions: live });
  };
  const isWhole = ({ positions }: Place) => boundary[positions[0] ?? 0] === 1;
  const endsAt = (at: number, count: number) => edges[at] === 1 && count >= min && count <= max;

  /** Whether a span that has come to `at` with so many characters ends somewhere from here on. */
  function canEnd(at: number, count: number): boolean {
    for (let [end, length] = [at, count]; length <= max; end++) {
      if (endsAt(end, length)) return true;
      if ((left[end] ?? 0) === 0) return false;
      if (boundary[end + 1] === 1) length++;
    }
    return false;
  }

  function step(state: number, byte: number): number | undefined {
    const place = places.at(state);
    if (place.count >= max && isWhole(place)) return undefined;
    const positions = place.positions
      .filter((at) => bytes[at] === byte && (left[at] ?? 0) > 0)
      .map((at) => at + 1);
    return add(place.count + (boundary[positions[0] ?? 0] === 1 ? 1 : 0), positions);
  }

  const starts = [...edges.keys()].filter((at) => edges[at] === 1);
  return {
    start: add(0, starts),
    step,
    done(state) {
      const { count, positions } = places.at(state);
      return positions.some((at) => endsAt(at, count));
    },
    only(state) {
      const place = places.at(state);
      let found = none;
      for (const at of place.positions) {
        const byte = bytes[at] ?? none;
        if ((left[at] ?? 0) === 0 || byte === found || step(state, byte) === undefined) continue;
        if (found !== none) return many;
        found = byte;
      }
      return found;
    },
    wide: () => false,
  };
}

/** Writes the sources in an encoding and lays them out for spans. */
export function layOutSources(encoding: TextEncoding, sources: readonly string[]): WrittenSources {
  const bytes: number[] = [];
  const boundary: number[] = [];
  const wordBoundary: number[] = [];
  const left: number[] = [];
  // The empty span is in any text; without sources it is in the empty one.
  for (const source of sources.length > 0 ? sources : [""]) {
    const characters = Array.from(source.toWellFormed());
    for (const [i, character] of characters.entries()) {
      const inside = isInsideWord(characters[i - 1], character);
      for (const [j, byte] of Buffer.from(encodeText(encoding, character)).entries()) {
        bytes.push(byte);
        boundary.push(j === 0 ? 1 : 0);
        wordBoundary.push(j === 0 && !inside ? 1 : 0);
        left.push(characters.length - i);
      }
    }
    // One byte between texts, which no span can cross because nothing is left there.
    bytes.push(0);
    boundary.push(1);
    wordBoundary.push(1);
    left.push(0);
  }
  return {
    bytes: Uint8Array.from(bytes),
    boundary: Uint8Array.from(boundary),
    wordBoundary: Uint8Array.from(wordBoundary),
    left: Int32Array.from(left),
  };
}
