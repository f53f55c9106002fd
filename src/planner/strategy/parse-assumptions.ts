import { forecastSchema, type Forecast } from "../../schema/index.ts";
import { checkRow, expand, openCatalogueFile } from "../catalogue/parse-catalogue.ts";

/** Reads `catalogue/assumptions.json` or a copy of it. Errors: `data-invalid`, naming file and field. */
export function parseAssumptions(text: string, file: string): Forecast {
  const { sources, body } = openCatalogueFile(text, file, "forecast");
  return checkRow(
    expand(body, sources, `${file}: forecast`, 0),
    `${file}: forecast`,
    forecastSchema,
  );
}
