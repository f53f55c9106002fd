import { priceListSchema, type PriceList } from "../../schema/index.ts";
import { checkRow, expand, openCatalogueFile } from "./parse-catalogue.ts";

/** Reads `catalogue/prices.json`, sources and SI units put in. Errors: `data-invalid`, naming file and field. */
export function parsePrices(text: string, file: string): PriceList {
  const { sources, body } = openCatalogueFile(text, file, "prices");
  return checkRow(expand(body, sources, `${file}: prices`, 0), `${file}: prices`, priceListSchema);
}
