import type { Grammar, TextEncoding } from "../../schema/index.ts";
import { choiceLeaf } from "./choice-leaf.ts";
import type { Leaf } from "./leaf.ts";
import { numberLeaf } from "./number-leaf.ts";
import { compilePattern } from "./pattern.ts";
import { layOutSources, spanLeaf, type WrittenSources } from "./span-leaf.ts";
import { textLeaf } from "./text-leaf.ts";

export type Terminal = Extract<
  Grammar,
  { kind: "literal" | "choice" | "text" | "span" | "number" }
>;

/** Makes the leaves of a grammar, each once; spans look into these sources. */
export function leafBuilder(sources: readonly string[]): (terminal: Terminal) => Leaf {
  const leaves = new Map<Terminal, Leaf>();
  const written = new Map<TextEncoding, WrittenSources>();

  function sourcesIn(encoding: TextEncoding): WrittenSources {
    const known = written.get(encoding) ?? layOutSources(encoding, sources);
    written.set(encoding, known);
    return known;
  }

  function build(terminal: Terminal): Leaf {
    switch (terminal.kind) {
      case "literal":
        return choiceLeaf([terminal.text]);
      case "choice":
        return choiceLeaf(terminal.options);
      case "number":
        return numberLeaf(terminal);
      case "span":
        return spanLeaf(terminal, sourcesIn(terminal.encoding));
      case "text": {
        const { pattern, max } = terminal;
        return textLeaf(terminal, pattern === undefined ? undefined : compilePattern(pattern, max));
      }
    }
  }

  return (terminal) => {
    const leaf = leaves.get(terminal) ?? build(terminal);
    leaves.set(terminal, leaf);
    return leaf;
  };
}
