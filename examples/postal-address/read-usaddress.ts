/**
 * Reads `training/labeled.xml` of the Python package `usaddress`: one <AddressString> per address,
 * one element per word, named by the word's tag. The words joined by single spaces are the input; its
 * 29 tags are merged into nine fields, and every value is a verbatim piece of the input.
 */

interface Word {
  readonly tag: string;
  readonly text: string;
}

type Item =
  | {
      readonly input: { readonly text: string };
      readonly output: Record<string, string>;
      readonly group?: string;
      readonly place: number;
    }
  | { readonly drop: string };

/** Tags that are in no field: CountryName and NotAddress. */
const fields: Record<string, readonly string[]> = {
  recipient: ["Recipient"],
  building: ["BuildingName", "LandmarkName"],
  number: ["AddressNumber", "AddressNumberPrefix", "AddressNumberSuffix"],
  street: [
    "StreetName",
    "StreetNamePreType",
    "StreetNamePostType",
    "StreetNamePreDirectional",
    "StreetNamePostDirectional",
    "StreetNamePreModifier",
    "StreetNamePostModifier",
    "CornerOf",
    "IntersectionSeparator",
  ],
  unit: ["OccupancyType", "OccupancyIdentifier", "SubaddressType", "SubaddressIdentifier"],
  poBox: ["USPSBoxType", "USPSBoxID", "USPSBoxGroupType", "USPSBoxGroupID"],
  city: ["PlaceName"],
  state: ["StateName"],
  zip: ["ZipCode", "ZipPlus4"],
};
const fieldOf = new Map(
  Object.entries(fields).flatMap(([field, tags]) => tags.map((tag) => [tag, field] as const)),
);

export default function* readUsaddress(bytes: Uint8Array): Generator<Item> {
  const xml = new TextDecoder().decode(bytes);
  let index = 0;
  for (const [, inner = ""] of xml.matchAll(/<AddressString>([\s\S]*?)<\/AddressString>/g)) {
    const words = [...wordsOf(inner)];
    const text = words.map((word) => word.text).join(" ");
    const output = mergeWords(words);
    const place = index++;
    if (text === "") yield { drop: "no words" };
    else if (output === undefined) yield { drop: "a field in two pieces" };
    else {
      const group = doorOf(output);
      yield { input: { text }, output, place, ...(group === undefined ? {} : { group }) };
    }
  }
}

function* wordsOf(inner: string): Generator<Word> {
  for (const [, tag = "", body = ""] of inner.matchAll(/<([A-Za-z0-9]+)>([^<]*)<\/\1>/g)) {
    // Some words carry the line ends of the letter they came from; the input is one line.
    const text = decodeEntities(body).replace(/\s+/g, " ").trim();
    if (text !== "") yield { tag, text };
  }
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) =>
    name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : (entities[name] ?? whole),
  );
}

/** The fields in the order in which they begin, or undefined when one of them is interrupted. */
function mergeWords(words: readonly Word[]): Record<string, string> | undefined {
  const pieces = new Map<string, string[]>();
  let last: string | undefined;
  for (const { tag, text } of words) {
    const field = fieldOf.get(tag);
    if (field !== undefined) {
      const piece = pieces.get(field);
      if (piece === undefined) pieces.set(field, [text]);
      else if (field === last) piece.push(text);
      else return undefined;
    }
    last = field;
  }
  const values = [...pieces].map(
    ([field, piece]) => [field, trimSeparators(piece.join(" "))] as const,
  );
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

/** What separates fields belongs to none; the full stop of an abbreviation stays. */
function trimSeparators(value: string): string {
  return value.replace(/^[\s,;:&"-]+|[\s,;:&"-]+$/g, "");
}

/** House number and street without capitals and signs: lines of one door go to one split. */
function doorOf(output: Record<string, string>): string | undefined {
  const { number = "", street = "" } = output;
  const door = `${number} ${street}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
  return street === "" ? undefined : door;
}
