export { judgeMemory, type MemoryVerdict } from "./validate-memory.ts";
export { rankOrders, type SweepOrder } from "./rank-order.ts";
