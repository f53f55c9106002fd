import { defineConfig } from "vitest/config";

const unit = {
  name: "unit",
  include: ["src/**/*.test.ts", "test/**/*.test.ts"],
  exclude: ["test/model/**", "dist/**", "node_modules/**"],
  pool: "forks" as const,
  testTimeout: 30_000,
};
/** Needs the real bases: one worker, because native code and two cores are shared. */
const model = {
  name: "model",
  include: ["test/model/**/*.test.ts"],
  pool: "forks" as const,
  maxWorkers: 1,
  fileParallelism: false,
  testTimeout: 600_000,
};

export default defineConfig({
  test: {
    reporters: ["default", "./test/closing-line-reporter.ts"],
    projects: [{ test: unit }, { test: model }],
  },
});
