import { dirname, join } from "node:path";
import { openByteFile, writeAtomically } from "../../disk/index.ts";
import { openGguf } from "../../formats/index.ts";
import { readTokenTable, tokenizerFiles } from "../../vocabulary/index.ts";

/** Writes a model's tokenizer as Hugging Face libraries read it, beside the model. */
export function writeTokenizer(modelPath: string): void {
  using bytes = openByteFile(modelPath);
  const file = openGguf(bytes);
  for (const { name, content } of tokenizerFiles(readTokenTable(file), file.metadata)) {
    writeAtomically(join(dirname(modelPath), name), [`${JSON.stringify(content)}\n`]);
  }
}
