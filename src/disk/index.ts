export { openByteFile, type ByteFile } from "./byte-file.ts";
export { digestFile } from "./digest-file.ts";
export { toDiskError } from "./disk-error.ts";
export { replaceFolder } from "./replace-folder.ts";
export { syncFolder } from "./sync-folder.ts";
export { writeAtomically, writeAtomicallyFrom } from "./write-atomically.ts";
