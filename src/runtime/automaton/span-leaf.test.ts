import { describe, expect, test } from "vitest";
import type { Leaf } from "./leaf.ts";
import { layOutSources, spanLeaf } from "./span-leaf.ts";

/** Every span the leaf allows, by walking all bytes. */
function everySpan(leaf: Leaf): string[] {
  const found = new Set<string>();
  const pending = leaf.start === undefined ? [] : [{ state: leaf.start, bytes: [] as number[] }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { state, bytes } = place;
    if (leaf.done(state)) found.add(Buffer.from(bytes).toString("utf8"));
    let ways = 0;
    for (let byte = 0; byte < 256; byte++) {
      const next = leaf.step(state, byte);
      if (next !== undefined) pending.push({ state: next, bytes: [...bytes, byte] });
      if (next !== undefined) ways++;
    }
    expect(ways > 0 || leaf.done(state)).toBe(true);
  }
  return [...found].sort();
}

const bounds = { min: 1, max: 40, wholeWords: true };

describe("a span", () => {
  test("is any piece of a source, within its lengths", () => {
    const leaf = spanLeaf({ min: 2, max: 3 }, layOutSources("line", ["ab中", "x"]));
    expect(everySpan(leaf)).toEqual(["ab", "ab中", "b中"]);
  });

  test("never runs from one source into the next", () => {
    const leaf = spanLeaf({ min: 1, max: 9 }, layOutSources("line", ["a", "b"]));
    expect(everySpan(leaf)).toEqual(["a", "b"]);
  });

  test("is written as the encoding says", () => {
    const sources = ['"\n'];
    expect(everySpan(spanLeaf({ min: 1, max: 2 }, layOutSources("json", sources)))).toEqual([
      '\\"',
      '\\"\\n',
      "\\n",
    ]);
    expect(everySpan(spanLeaf({ min: 2, max: 2 }, layOutSources("line", sources)))).toEqual([
      '"\\n',
    ]);
  });

  test("of whole words splits no word and no number, but letters from digits", () => {
    const leaf = spanLeaf({ ...bounds, max: 5 }, layOutSources("line", ["Apt 4b, 752"]));
    const spans = everySpan(leaf);
    expect(spans).toContain("4");
    expect(spans).toContain("b");
    expect(spans).toContain("752");
    expect(spans).not.toContain("Ap");
    expect(spans).not.toContain("75");
    expect(spans).not.toContain("pt 4");
  });

  test("of whole words splits Chinese anywhere, and no letter from its marks", () => {
    const leaf = spanLeaf(bounds, layOutSources("line", ["北京e\u0301"]));
    expect(everySpan(leaf)).toEqual(["e\u0301", "京", "京e\u0301", "北", "北京", "北京e\u0301"]);
  });

  test("that no source is long enough for cannot start", () => {
    expect(spanLeaf({ min: 4, max: 9 }, layOutSources("line", ["abc", ""])).start).toBeUndefined();
    expect(spanLeaf({ ...bounds, max: 2 }, layOutSources("line", ["abc"])).start).toBeUndefined();
    expect(everySpan(spanLeaf({ min: 0, max: 9 }, layOutSources("line", [])))).toEqual([""]);
  });
});
