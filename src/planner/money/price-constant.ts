import type { Constant, Provenance, Quantity, Sureness } from "../../schema/index.ts";

/** What the press says of a price is worth as much as what a seller prints. */
const provenanceOf: Readonly<Record<Sureness, Provenance>> = {
  measured: "measured",
  datasheet: "datasheet",
  press: "datasheet",
  prior: "prior",
};

/** A catalogue value as the constant of a term. */
export function quantityConstant(name: string, quantity: Quantity): Constant {
  const { value, unit, low, high, sureness, source, date } = quantity;
  const told = sureness === "press" ? `${source} (press)` : source;
  return { name, value, unit, low, high, provenance: provenanceOf[sureness], source: told, date };
}

/** A value that the user's own file states; taken as it is. */
export function statedConstant(name: string, value: number, unit: string): Constant {
  return {
    name,
    value,
    unit,
    provenance: "measured",
    source: "stated in the user's file",
    date: "now",
  };
}
