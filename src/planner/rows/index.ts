export { judgeMemory, type MemoryVerdict } from "./validate-memory.ts";
