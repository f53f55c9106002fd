/**
 * At most so many records that their work stays within a budget, evenly spread over the list; all of
 * them where they fit. A baseline that took minutes would miss its point.
 */
export function limitRecords<T>(
  records: readonly T[],
  workOf: (record: T) => number,
  budget: number,
): readonly T[] {
  const work = records.reduce((total, record) => total + workOf(record), 0);
  if (work <= budget) return records;
  const kept = Math.max(1, Math.floor((records.length * budget) / work));
  return Array.from(
    { length: kept },
    (_, i) => records[Math.floor((i * records.length) / kept)],
  ).filter((record) => record !== undefined);
}
