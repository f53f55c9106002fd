import { SampanError } from "../kernel/index.ts";

const fetchAgain =
  "The file is cut short, damaged or not what it says it is: fetch it again and check its sha256.";

/** A `format-corrupt` error that names the file, the byte and what is wrong there. */
export function corrupt(
  file: string,
  offset: number,
  what: string,
  hint: string = fetchAgain,
): SampanError {
  return new SampanError("format-corrupt", `${file}, byte ${offset}: ${what}`, {
    hint,
    details: { file, offset },
  });
}
