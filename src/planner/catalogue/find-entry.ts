import { SampanError, suggest } from "../../kernel/index.ts";
import { looseKey, nameKey } from "./name-keys.ts";

/** What a catalogue row is found by. */
interface Named {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

interface NameIndex {
  readonly exact: ReadonlyMap<string, number>;
  readonly loose: ReadonlyMap<string, number>;
}

/** Indexes by the list that they are of; made at the first look-up. */
const indexes = new WeakMap<readonly Named[], NameIndex>();

/**
 * The row whose id, name or alias is `name` but for case and punctuation; else the first that is so but for makers'
 * names, packaging, counts, number formats and brackets. Undefined when there is none.
 */
export function findEntry<T extends Named>(rows: readonly T[], name: string): T | undefined {
  const { exact, loose } = indexOf(rows);
  const at = exact.get(nameKey(name)) ?? loose.get(looseKey(name));
  return at === undefined ? undefined : rows[at];
}

function indexOf(rows: readonly Named[]): NameIndex {
  const known = indexes.get(rows);
  if (known !== undefined) return known;
  const exact = new Map<string, number>();
  const loose = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, row: number): void => {
    if (key !== "" && !map.has(key)) map.set(key, row);
  };
  // Ids before names: an id leads to its own row even where it is another's alias.
  rows.forEach(({ id }, row) => add(exact, nameKey(id), row));
  rows.forEach((row, at) => {
    for (const name of [row.id, row.name, ...row.aliases]) {
      add(exact, nameKey(name), at);
      add(loose, looseKey(name), at);
    }
  });
  const index = { exact, loose };
  indexes.set(rows, index);
  return index;
}

/** As `findEntry`; an unknown name is `not-found` with the nearest names offered. */
export function requireEntry<T extends Named>(rows: readonly T[], name: string, what: string): T {
  const found = findEntry(rows, name);
  if (found !== undefined) return found;
  const near = nearestNames(rows, name);
  const offer = near.length === 0 ? "" : `Did you mean ${near.join(", ")}? `;
  throw new SampanError("not-found", `no ${what} named "${name.slice(0, 80)}" in the catalogue`, {
    hint: `${offer}The catalogue has ${rows.length} rows, by id: ${rows
      .slice(0, 4)
      .map(({ id }) => id)
      .join(", ")}, ...`,
    details: { name, near },
  });
}

/** Ids of at most three rows near `name`: those of few edits, then those that contain it or that it contains. */
export function nearestNames(rows: readonly Named[], name: string): readonly string[] {
  const key = nameKey(name.slice(0, 200)).slice(0, 80);
  const keysOf = (row: Named) => [row.id, row.name, ...row.aliases].map(nameKey);
  const contained = rows.filter((row) =>
    keysOf(row).some(
      (known) =>
        (key.length > 2 && known.includes(key)) || (known.length > 2 && key.includes(known)),
    ),
  );
  const byKey = new Map(rows.flatMap((row) => keysOf(row).map((known) => [known, row.id])));
  const edited = suggest(key, [...byKey.keys()]);
  const ids = [
    ...(edited === undefined ? [] : [byKey.get(edited) ?? ""]),
    ...contained.map(({ id }) => id),
  ];
  return [...new Set(ids)].filter((id) => id !== "").slice(0, 3);
}
