export { SampanError } from "./kernel/index.ts";
