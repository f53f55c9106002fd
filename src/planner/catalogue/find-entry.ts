import { SampanError, suggest } from "../../kernel/index.ts";

/** What a catalogue row is found by. */
interface Named {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

/** Names are compared without case, spaces and punctuation: "Llama-3.1 8B" is "llama318b". */
export function nameKey(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

/** The row whose id, name or alias is `name`; undefined when there is none. */
export function findEntry<T extends Named>(rows: readonly T[], name: string): T | undefined {
  const key = nameKey(name);
  return (
    rows.find(({ id }) => id === name) ??
    rows.find((row) => [row.id, row.name, ...row.aliases].some((known) => nameKey(known) === key))
  );
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

/** Ids of at most three rows near `name`: those that contain it or that it contains, then those of few edits. */
export function nearestNames(rows: readonly Named[], name: string): readonly string[] {
  const key = nameKey(name).slice(0, 80);
  const keysOf = (row: Named) => [row.id, row.name, ...row.aliases].map(nameKey);
  const contained = rows.filter((row) =>
    keysOf(row).some((known) => key.length > 2 && (known.includes(key) || key.includes(known))),
  );
  const byKey = new Map(rows.flatMap((row) => keysOf(row).map((known) => [known, row.id])));
  const edited = suggest(key, [...byKey.keys()]);
  const ids = [
    ...(edited === undefined ? [] : [byKey.get(edited) ?? ""]),
    ...contained.map(({ id }) => id),
  ];
  return [...new Set(ids)].filter((id) => id !== "").slice(0, 3);
}
