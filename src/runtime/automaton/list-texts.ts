import { assertNever } from "../../kernel/index.ts";
import type { Grammar } from "../../schema/index.ts";
import { decimalRange, writeScaled } from "./decimal.ts";

/** All texts of a grammar, in its order and each once; undefined when there are more than `most`. */
export function listTexts(grammar: Grammar, most: number): readonly string[] | undefined {
  const texts = list(grammar, most);
  return texts && [...new Set(texts)];
}

function list(grammar: Grammar, most: number): readonly string[] | undefined {
  switch (grammar.kind) {
    case "literal":
      return [grammar.text];
    case "choice":
      return few([...new Set(grammar.options)], most);
    case "sequence":
      return grammar.items.reduce<readonly string[] | undefined>(
        (heads, item) => heads && join(heads, "", list(item, most), most),
        [""],
      );
    case "alternatives": {
      const parts = grammar.items.map((item) => list(item, most));
      return parts.includes(undefined)
        ? undefined
        : few(
            parts.flatMap((part) => part ?? []),
            most,
          );
    }
    case "optional": {
      const texts = list(grammar.item, most);
      return texts && few(["", ...texts], most);
    }
    case "repeat":
      return listRepeats(grammar, most);
    case "number": {
      const { low, high } = decimalRange(grammar);
      if (high - low >= BigInt(most)) return undefined;
      const count = high < low ? 0 : Number(high - low) + 1;
      return Array.from({ length: count }, (_, i) =>
        writeScaled(low + BigInt(i), grammar.decimals),
      );
    }
    case "text":
    case "span":
      return undefined;
    default:
      return assertNever(grammar);
  }
}

function listRepeats(
  grammar: Extract<Grammar, { kind: "repeat" }>,
  most: number,
): readonly string[] | undefined {
  const items = list(grammar.item, most);
  let heads: readonly string[] | undefined = [""];
  const all: string[] = [];
  for (let count = 0; count <= grammar.max && items; count++) {
    if (count > 0) heads = join(heads, count > 1 ? grammar.separator : "", items, most);
    if (heads === undefined) return undefined;
    if (count >= grammar.min) all.push(...heads);
    if (all.length > most) return undefined;
    if (heads.length === 0) break;
  }
  return items && all;
}

function join(
  heads: readonly string[],
  separator: string,
  tails: readonly string[] | undefined,
  most: number,
): readonly string[] | undefined {
  if (tails === undefined || heads.length * tails.length > most) return undefined;
  return heads.flatMap((head) => tails.map((tail) => head + separator + tail));
}

function few(texts: readonly string[], most: number): readonly string[] | undefined {
  return texts.length > most ? undefined : texts;
}
