import { adaptationSchema, type Adaptation } from "../../schema/index.ts";
import { checkRow, expand, openCatalogueFile } from "./parse-catalogue.ts";

/** Reads `catalogue/adaptation.json`, sources put in. Errors: `data-invalid`, naming file and field. */
export function parseAdaptation(text: string, file: string): Adaptation {
  const { sources, body } = openCatalogueFile(text, file, "adaptation");
  const place = `${file}: adaptation`;
  return checkRow(expand(body, sources, place, 0), place, adaptationSchema);
}
