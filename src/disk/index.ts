export { openByteFile, type ByteFile } from "./byte-file.ts";
export { digestFile } from "./digest-file.ts";
export { isAlive } from "./is-alive.ts";
export { toDiskError } from "./disk-error.ts";
export { hasEnded, markProcess, type ProcessMark } from "./process-mark.ts";
export { replaceFolder, tidyBeside } from "./replace-folder.ts";
export { writeAtomically, writeAtomicallyFrom } from "./write-atomically.ts";
