import { SampanError } from "../../kernel/index.ts";
import type { PatternTree, Ranges } from "./pattern-graph.ts";

const everything: Ranges = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
];
const digits: Ranges = [[0x30, 0x39]];
const words: Ranges = [...digits, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** ECMAScript's WhiteSpace and LineTerminator. */
const spaces: Ranges = [
  ...[0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff].map(
    (code) => [code, code] as const,
  ),
  [0x09, 0x0d],
  [0x2000, 0x200a],
];
const lineEnds: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };

/** Parses a JavaScript regular expression (`u` mode) that a finite automaton can decide. */
export function parsePattern(pattern: string): PatternTree {
  const characters = Array.from(pattern);
  let at = 0;
  const peek = (): string | undefined => characters[at];
  const eat = (character: string): boolean => {
    if (characters[at] !== character) return false;
    at++;
    return true;
  };
  const refuse = (what: string): SampanError =>
    new SampanError("task-invalid", `pattern ${JSON.stringify(pattern)}: ${what}`, {
      hint: "Patterns may use characters, classes, ., groups, |, *, +, ?, {m,n}, ^ and $.",
    });

  function parseAlternatives(): PatternTree {
    const items = [parseSequence()];
    while (eat("|")) items.push(parseSequence());
    return items.length === 1 && items[0] ? items[0] : { kind: "any", items };
  }

  function parseSequence(): PatternTree {
    const items: PatternTree[] = [];
    for (let next = peek(); next !== undefined && next !== "|" && next !== ")"; next = peek()) {
      items.push(parseRepeated());
    }
    return { kind: "all", items };
  }

  function parseRepeated(): PatternTree {
    const item = parseAtom();
    const bounds = parseBounds();
    if (bounds === undefined) return item;
    if (item.kind === "start" || item.kind === "end") throw refuse("an anchor is repeated");
    // Greedy or lazy: the same texts.
    eat("?");
    if (parseBounds() !== undefined) throw refuse("nothing to repeat");
    return { kind: "times", item, ...bounds };
  }

  function parseBounds(): { min: number; max: number | undefined } | undefined {
    if (eat("*")) return { min: 0, max: undefined };
    if (eat("+")) return { min: 1, max: undefined };
    if (eat("?")) return { min: 0, max: 1 };
    if (peek() !== "{") return undefined;
    const close = characters.indexOf("}", at);
    const text = characters.slice(at + 1, close < 0 ? undefined : close).join("");
    const match = /^(\d{1,5})(,(\d{0,5}))?$/.exec(text);
    if (close < 0 || !match) throw refuse(`{${text} is no repeat count`);
    at = close + 1;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === "" ? undefined : Number(match[3]);
    if (max !== undefined && max < min) throw refuse(`{${text}} counts down`);
    return { min, max };
  }

  function parseAtom(): PatternTree {
    const character = characters[at++] ?? "";
    switch (character) {
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case ".":
        return { kind: "take", ranges: invert(lineEnds) };
      case "(":
        return parseGroup();
      case "[":
        return { kind: "take", ranges: parseClass() };
      case "\\":
        return { kind: "take", ranges: parseEscape(false) };
      default:
        if ("*+?{}])".includes(character))
          throw refuse(`${character} stands where nothing precedes it`);
        return { kind: "take", ranges: single(character.codePointAt(0) ?? 0) };
    }
  }

  function parseGroup(): PatternTree {
    if (eat("?") && !eat(":"))
      throw refuse(`(?${peek() ?? ""} (look-around, names, flags) is not supported`);
    const inner = parseAlternatives();
    if (!eat(")")) throw refuse("a group is not closed");
    return inner;
  }

  function parseClass(): Ranges {
    const negated = eat("^");
    const ranges: (readonly [number, number])[] = [];
    while (!eat("]")) {
      if (peek() === undefined) throw refuse("a class is not closed");
      const from = parseMember();
      const [first] = from;
      if (peek() === "-" && characters[at + 1] !== "]") {
        at++;
        const [last] = parseMember();
        const low = first?.[0];
        if (
          low === undefined ||
          low !== first?.[1] ||
          !last ||
          last[0] !== last[1] ||
          last[0] < low
        ) {
          throw refuse("a class has a range out of order");
        }
        ranges.push([low, last[0]]);
      } else ranges.push(...from);
    }
    return negated ? invert(ranges) : clip(ranges);
  }

  function parseMember(): Ranges {
    const character = characters[at++] ?? "";
    return character === "\\" ? parseEscape(true) : single(character.codePointAt(0) ?? 0);
  }

  function parseEscape(inClass: boolean): Ranges {
    const letter = characters[at++] ?? "";
    const named = { d: digits, w: words, s: spaces }[letter.toLowerCase()];
    if (named) return letter === letter.toLowerCase() ? named : invert(named);
    const control = controls[letter];
    if (control !== undefined) return single(control);
    if (letter === "x" || letter === "u") return single(parseHexadecimal(letter));
    if (letter === "-" && !inClass) throw refuse("\\- outside a class");
    if (!/^[\^$\\.*+?()[\]{}|/-]$/.test(letter)) throw refuse(`\\${letter} is not supported`);
    return single(letter.codePointAt(0) ?? 0);
  }

  function parseHexadecimal(letter: string): number {
    const rest = characters.slice(at, at + 8).join("");
    const match = (letter === "x" ? /^([\da-f]{2})/i : /^([\da-f]{4}|\{[\da-f]{1,6}\})/i).exec(
      rest,
    );
    if (!match) throw refuse(`\\${letter} without its digits`);
    at += match[0].length;
    return Number.parseInt(match[0].replaceAll(/[{}]/g, ""), 16);
  }

  const tree = parseAlternatives();
  if (at < characters.length) throw refuse("a group is closed that was not opened");
  return tree;
}

function single(code: number): Ranges {
  return clip([[code, code]]);
}

/** Surrogates are no characters: they never occur in written text. */
function clip(ranges: Ranges): Ranges {
  return ranges.flatMap(([low, high]) =>
    everything.flatMap(([first, last]) =>
      low <= last && high >= first ? [[Math.max(low, first), Math.min(high, last)] as const] : [],
    ),
  );
}

function invert(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const gaps: (readonly [number, number])[] = [];
  let from = 0;
  for (const [low, high] of sorted) {
    if (low > from) gaps.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  gaps.push([from, 0x10ffff]);
  return clip(gaps);
}
