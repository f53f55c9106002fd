import { SampanError } from "../../kernel/index.ts";
import { clip, digits, invert, lineEnds, single, spaces, words } from "./character-ranges.ts";
import type { PatternTree, Ranges } from "./pattern-graph.ts";

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };

/** Parses a JavaScript regular expression (`u` mode) that a finite automaton can decide. */
export function parsePattern(pattern: string): PatternTree {
  return new PatternParser(pattern).parse();
}

/** Recursive descent, one method for each rule of the grammar. */
class PatternParser {
  readonly #pattern: string;
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#characters = Array.from(pattern);
  }

  parse(): PatternTree {
    const tree = this.#parseAlternatives();
    if (this.#at === this.#characters.length) return tree;
    throw this.#refuse("a group is closed that was not opened");
  }

  #parseAlternatives(): PatternTree {
    const items = [this.#parseSequence()];
    while (this.#eat("|")) items.push(this.#parseSequence());
    return items.length === 1 && items[0] ? items[0] : { kind: "any", items };
  }

  #parseSequence(): PatternTree {
    const items: PatternTree[] = [];
    for (
      let next = this.#peek();
      next !== undefined && next !== "|" && next !== ")";
      next = this.#peek()
    ) {
      items.push(this.#parseRepeated());
    }
    return { kind: "all", items };
  }

  #parseRepeated(): PatternTree {
    const item = this.#parseAtom();
    const bounds = this.#parseBounds();
    if (bounds === undefined) return item;
    if (item.kind === "start" || item.kind === "end") throw this.#refuse("an anchor is repeated");
    // Greedy or lazy: the same texts.
    this.#eat("?");
    if (this.#parseBounds() !== undefined) throw this.#refuse("nothing to repeat");
    return { kind: "times", item, ...bounds };
  }

  #parseBounds(): { min: number; max: number | undefined } | undefined {
    if (this.#eat("*")) return { min: 0, max: undefined };
    if (this.#eat("+")) return { min: 1, max: undefined };
    if (this.#eat("?")) return { min: 0, max: 1 };
    if (this.#peek() !== "{") return undefined;
    const close = this.#characters.indexOf("}", this.#at);
    const text = this.#characters.slice(this.#at + 1, close < 0 ? undefined : close).join("");
    const match = /^(\d{1,5})(,(\d{0,5}))?$/.exec(text);
    if (close < 0 || !match) throw this.#refuse(`{${text} is no repeat count`);
    this.#at = close + 1;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === "" ? undefined : Number(match[3]);
    if (max !== undefined && max < min) throw this.#refuse(`{${text}} counts down`);
    return { min, max };
  }

  #parseAtom(): PatternTree {
    const character = this.#characters[this.#at++] ?? "";
    switch (character) {
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case ".":
        return { kind: "take", ranges: invert(lineEnds) };
      case "(":
        return this.#parseGroup();
      case "[":
        return { kind: "take", ranges: this.#parseClass() };
      case "\\":
        return { kind: "take", ranges: this.#parseEscape(false) };
      default:
        if ("*+?{}])".includes(character))
          throw this.#refuse(`${character} stands where nothing precedes it`);
        return { kind: "take", ranges: single(character.codePointAt(0) ?? 0) };
    }
  }

  #parseGroup(): PatternTree {
    if (this.#eat("?") && !this.#eat(":"))
      throw this.#refuse(`(?${this.#peek() ?? ""} (look-around, names, flags) is not supported`);
    const inner = this.#parseAlternatives();
    if (!this.#eat(")")) throw this.#refuse("a group is not closed");
    return inner;
  }

  #parseClass(): Ranges {
    const negated = this.#eat("^");
    const ranges: (readonly [number, number])[] = [];
    while (!this.#eat("]")) {
      if (this.#peek() === undefined) throw this.#refuse("a class is not closed");
      const from = this.#parseMember();
      const [first] = from;
      if (this.#peek() === "-" && this.#characters[this.#at + 1] !== "]") {
        this.#at++;
        const [last] = this.#parseMember();
        const low = first?.[0];
        if (
          low === undefined ||
          low !== first?.[1] ||
          !last ||
          last[0] !== last[1] ||
          last[0] < low
        ) {
          throw this.#refuse("a class has a range out of order");
        }
        ranges.push([low, last[0]]);
      } else ranges.push(...from);
    }
    return negated ? invert(ranges) : clip(ranges);
  }

  #parseMember(): Ranges {
    const character = this.#characters[this.#at++] ?? "";
    return character === "\\" ? this.#parseEscape(true) : single(character.codePointAt(0) ?? 0);
  }

  #parseEscape(inClass: boolean): Ranges {
    const letter = this.#characters[this.#at++] ?? "";
    const named = { d: digits, w: words, s: spaces }[letter.toLowerCase()];
    if (named) return letter === letter.toLowerCase() ? named : invert(named);
    const control = controls[letter];
    if (control !== undefined) return single(control);
    if (letter === "x" || letter === "u") return single(this.#parseHexadecimal(letter));
    if (letter === "-" && !inClass) throw this.#refuse("\\- outside a class");
    if (!/^[\^$\\.*+?()[\]{}|/-]$/.test(letter)) throw this.#refuse(`\\${letter} is not supported`);
    return single(letter.codePointAt(0) ?? 0);
  }

  #parseHexadecimal(letter: string): number {
    const rest = this.#characters.slice(this.#at, this.#at + 8).join("");
    const match = (letter === "x" ? /^([\da-f]{2})/i : /^([\da-f]{4}|\{[\da-f]{1,6}\})/i).exec(
      rest,
    );
    if (!match) throw this.#refuse(`\\${letter} without its digits`);
    this.#at += match[0].length;
    return Number.parseInt(match[0].replaceAll(/[{}]/g, ""), 16);
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #eat(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #refuse(what: string): SampanError {
    return new SampanError("task-invalid", `pattern ${JSON.stringify(this.#pattern)}: ${what}`, {
      hint: "Patterns may use characters, classes, ., groups, |, *, +, ?, {m,n}, ^ and $.",
    });
  }
}
