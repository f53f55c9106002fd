export { openByteFile, type ByteFile } from "./byte-file.ts";
export { digestFile } from "./digest-file.ts";
export { isAlive } from "./is-alive.ts";
export { replaceFolder, tidyBeside } from "./replace-folder.ts";
export { writeAtomically, writeAtomicallyFrom } from "./write-atomically.ts";
