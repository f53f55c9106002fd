import type { JsonObject } from "../../kernel/index.ts";
import type { TokenText } from "./tokens.ts";

/** A run of tokens, first inclusive and last exclusive, that carries one property. */
export interface TokenSpan {
  readonly property: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Puts a record's values on its tokens so that no two overlap: values with the fewest places first,
 * each at its leftmost free place. Undefined when a value has no free place on token boundaries.
 */
export function alignSpans(
  { text, tokens }: TokenText,
  output: JsonObject,
  properties: readonly string[],
): TokenSpan[] | undefined {
  const firstAt = new Map(tokens.map(({ start }, i) => [start, i]));
  const lastAt = new Map(tokens.map(({ end }, i) => [end, i + 1]));
  const wanted: { readonly property: string; readonly places: readonly TokenSpan[] }[] = [];
  for (const property of properties) {
    const value = output[property];
    if (typeof value !== "string" || value === "") continue;
    const places: TokenSpan[] = [];
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      const [first, last] = [firstAt.get(at), lastAt.get(at + value.length)];
      if (first !== undefined && last !== undefined) places.push({ property, first, last });
    }
    wanted.push({ property, places });
  }
  const taken: TokenSpan[] = [];
  for (const { places } of wanted.sort((a, b) => a.places.length - b.places.length)) {
    const free = places.find((place) =>
      taken.every((other) => place.last <= other.first || other.last <= place.first),
    );
    if (free === undefined) return undefined;
    taken.push(free);
  }
  return taken.sort((a, b) => a.first - b.first);
}
