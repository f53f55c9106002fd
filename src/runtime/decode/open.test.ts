import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesGrammar } from "../../../test/fixtures/match-grammar.ts";
import { runProgram } from "../../../test/fixtures/run-program.ts";
import { toyTokenizer } from "../../../test/fixtures/toy-tokenizer.ts";
import { encodeText } from "../../framing/index.ts";
import type { Grammar } from "../../schema/index.ts";
import { isInsideWord } from "../automaton/word-boundary.ts";
import { Machine } from "../automaton/machine.ts";
import { vocabularyOf } from "../automaton/vocabulary.ts";
import { decodeOpen } from "./open.ts";
import { Walk } from "./walk.ts";

const tokenizer = toyTokenizer();
const vocabulary = vocabularyOf(tokenizer);
const prompt = [1, 2, 3];

function decode(
  grammar: Grammar,
  sources: readonly string[],
  logit: (before: readonly number[], id: number) => number,
) {
  const walk = new Walk(new Machine(grammar, sources), vocabulary, tokenizer);
  return runProgram(decodeOpen({ prompt, sources }, walk, tokenizer, 400), tokenizer, logit);
}

/** Likes exactly the tokens that spell the target. */
function spelling(target: string) {
  const bytes = Buffer.concat([Buffer.from(target)]);
  return (before: readonly number[], id: number): number => {
    const said = Buffer.concat(before.slice(prompt.length).map((each) => tokenizer.bytes(each)));
    if (id === tokenizer.eos) return said.equals(bytes) ? 100 : -100;
    const next = Buffer.concat([said, tokenizer.bytes(id)]);
    return bytes.subarray(0, next.length).equals(next) ? next.length : -100;
  };
}

const word = fc.constantFrom(
  "ab",
  "approved",
  "app",
  "中国人",
  "中",
  "😀!",
  'say "x"',
  "a\\b",
  "",
  "the st",
);
const encoding = fc.constantFrom("line" as const, "json" as const);
const terminal: fc.Arbitrary<Grammar> = fc.oneof(
  word.map((text) => ({ kind: "literal" as const, text })),
  fc
    .array(word, { minLength: 1, maxLength: 4 })
    .map((options) => ({ kind: "choice" as const, options })),
  fc
    .record({ encoding, min: fc.integer({ min: 0, max: 2 }), more: fc.integer({ min: 0, max: 4 }) })
    .map(({ min, more, ...rest }) => ({ kind: "text" as const, ...rest, min, max: min + more })),
  fc
    .record({
      encoding,
      min: fc.integer({ min: 0, max: 2 }),
      more: fc.integer({ min: 0, max: 9 }),
      wholeWords: fc.boolean(),
    })
    .map(({ min, more, ...rest }) => ({ kind: "span" as const, ...rest, min, max: min + more })),
  fc
    .record({
      minimum: fc.integer({ min: -30, max: 30 }).map((n) => n / 4),
      more: fc.integer({ min: 0, max: 900 }).map((n) => n / 4),
      decimals: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ minimum, more, decimals }) => ({
      kind: "number" as const,
      minimum: Math.ceil(minimum),
      maximum: Math.ceil(minimum) + more,
      decimals,
    })),
);
const { grammar: anyGrammar } = fc.letrec<{ grammar: Grammar }>((tie) => ({
  grammar: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    terminal,
    fc
      .array(tie("grammar"), { minLength: 1, maxLength: 3 })
      .map((items) => ({ kind: "sequence" as const, items })),
    fc
      .array(tie("grammar"), { minLength: 1, maxLength: 3 })
      .map((items) => ({ kind: "alternatives" as const, items })),
    tie("grammar").map((item) => ({ kind: "optional" as const, item })),
    fc
      .record({
        item: tie("grammar"),
        separator: fc.constantFrom(",", "", "\n"),
        min: fc.integer({ min: 0, max: 2 }),
        more: fc.integer({ min: 0, max: 2 }),
      })
      .map(({ min, more, ...rest }) => ({
        kind: "repeat" as const,
        ...rest,
        min,
        max: min + more,
      })),
  ),
}));
const anySources = fc.array(
  fc.constantFrom("12 Main St, 中国", "the 😀 app", "", 'a "quoted" line\nand\\more', "é"),
  { maxLength: 2 },
);

describe("decoding under a grammar", () => {
  test("whatever the logits, the text is an answer of the grammar", () => {
    const property = fc.property(anyGrammar, anySources, fc.integer(), (grammar, sources, seed) => {
      const { result } = decode(
        grammar,
        sources,
        (before, id) =>
          Math.sin(seed + before.length * 7919 + id * 104_729) * (id === tokenizer.eos ? 2 : 1),
      );
      if (result.confidence > 0) {
        expect(matchesGrammar(grammar, result.text, sources)).toBe(true);
      } else {
        // Nothing could be said at all: a span without a source that is long enough.
        expect(result.text).toBe("");
      }
    });
    fc.assert(property, { numRuns: 400 });
  });

  test("texts under a pattern match it, whatever the logits", () => {
    const pattern = fc.constantFrom("^[A-Z]?(ab|中)+$", "\\d", "^(x|\\n|😀){2,4}$", '^."', "[^a]$");
    const property = fc.property(pattern, encoding, fc.integer(), (source, written, seed) => {
      const item: Grammar = { kind: "text", encoding: written, min: 1, max: 5, pattern: source };
      const end: Grammar = { kind: "literal", text: written === "json" ? '"' : "\n" };
      const grammar: Grammar = { kind: "sequence", items: [item, end] };
      const { result } = decode(grammar, [], (before, id) => Math.sin(seed + before.length + id));
      expect(result.confidence).toBeGreaterThan(0);
      expect(matchesGrammar(grammar, result.text, [])).toBe(true);
    });
    fc.assert(property, { numRuns: 60 });
  });

  test("every answer of the grammar can be said", () => {
    const property = fc.property(anyGrammar, anySources, fc.gen(), (grammar, sources, generate) => {
      const target = sample(grammar, sources, (most) =>
        generate(fc.integer, { min: 0, max: most }),
      );
      fc.pre(target !== undefined);
      const { result } = decode(grammar, sources, spelling(target));
      expect(result.text).toBe(target);
    });
    fc.assert(property, { numRuns: 400 });
  });
});

/** Some answer of the grammar, or undefined where there is none on the way taken. */
function sample(
  grammar: Grammar,
  sources: readonly string[],
  draw: (most: number) => number,
): string | undefined {
  switch (grammar.kind) {
    case "literal":
      return grammar.text;
    case "choice":
      return grammar.options[draw(grammar.options.length - 1)];
    case "sequence": {
      const parts = grammar.items.map((item) => sample(item, sources, draw));
      return parts.includes(undefined) ? undefined : parts.join("");
    }
    case "alternatives": {
      const item = grammar.items[draw(grammar.items.length - 1)];
      return item && sample(item, sources, draw);
    }
    case "optional":
      return draw(1) === 0 ? "" : sample(grammar.item, sources, draw);
    case "repeat": {
      const count = grammar.min + draw(grammar.max - grammar.min);
      const parts = Array.from({ length: count }, () => sample(grammar.item, sources, draw));
      return parts.includes(undefined) ? undefined : parts.join(grammar.separator);
    }
    case "number": {
      const scale = 10 ** grammar.decimals;
      const steps = Math.floor((grammar.maximum - grammar.minimum) * scale);
      return `${Math.round(grammar.minimum * scale + draw(steps)) / scale}`;
    }
    case "text": {
      const letters = Array.from('abé中😀"\\\n\t1');
      const length = grammar.min + draw(grammar.max - grammar.min);
      const text = Array.from({ length }, () => letters[draw(letters.length - 1)]).join("");
      return encodeText(grammar.encoding, text);
    }
    case "span": {
      const characters = Array.from(sources[draw(Math.max(0, sources.length - 1))] ?? "");
      const from = draw(characters.length);
      const length = grammar.min + draw(grammar.max - grammar.min);
      if (from + length > characters.length) return undefined;
      const edges = [from, from + length];
      const splits = edges.some((at) => isInsideWord(characters[at - 1], characters[at] ?? ""));
      if (grammar.wholeWords && splits) return undefined;
      return encodeText(grammar.encoding, characters.slice(from, from + length).join(""));
    }
  }
}
