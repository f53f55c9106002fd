/**
 * What a purchase costs per year over its years in use: the annuity of price less discounted resale,
 * (P - R / (1 + i)^n) i / (1 - (1 + i)^-n); without interest (P - R) / n. Source: any text of engineering economics,
 * e.g. Park, Contemporary Engineering Economics, capital recovery with salvage value.
 */
export function yearlyCapital(
  price: number,
  resale: number,
  interest: number,
  years: number,
): number {
  if (interest === 0) return (price - resale) / years;
  const growth = (1 + interest) ** years;
  return ((price - resale / growth) * interest) / (1 - 1 / growth);
}
