import { openBase } from "../../src/intake/index.ts";

/** Prints the path of the GGUF that a Hugging Face folder is converted to: folder, store. */
const [folder = "", home = ""] = process.argv.slice(2);
const base = await openBase(folder, {
  home,
  baseFolder: process.cwd(),
  emit: () => {},
  environment: {},
});
console.log(base.path);
