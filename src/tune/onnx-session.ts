import type * as OnnxRuntime from "onnxruntime-node";
import { SampanError } from "../kernel/index.ts";

/** What a run is fed with: numbers under a shape; big integers where the graph wants int64. */
export interface Feed {
  readonly values: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

/** A loaded graph. */
export interface GraphSession extends AsyncDisposable {
  run(feeds: Readonly<Record<string, Feed>>): Promise<ReadonlyMap<string, Float32Array>>;
}

export interface SessionOptions {
  readonly threads: number;
  /** ONNX Runtime's execution provider. */
  readonly provider: string;
  /**
   * Whether constant matrices are rearranged once at load, which costs a second copy of them in memory,
   * or at each product.
   */
  readonly prepack: boolean;
  /** Where to leave a profile of each node; for benches. */
  readonly profile?: string;
}

/** Loads a `.onnx` file; its external data must lie beside it. */
export async function openSession(path: string, options: SessionOptions): Promise<GraphSession> {
  const runtime = await loadRuntime();
  const session = await runtime.InferenceSession.create(path, {
    executionProviders: [options.provider],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "basic",
    logSeverityLevel: 3,
    extra: {
      session: {
        disable_prepacking: options.prepack ? "0" : "1",
        // Threads that spin while they wait make a busy machine three times slower.
        intra_op: { allow_spinning: "0" },
      },
    },
    ...(options.profile === undefined
      ? {}
      : { enableProfiling: true, profileFilePrefix: options.profile }),
  }).catch((cause: unknown) => {
    throw sessionFailed(options.provider, cause);
  });
  return wrap(runtime, session, options.profile !== undefined);
}

function wrap(
  runtime: typeof OnnxRuntime,
  session: OnnxRuntime.InferenceSession,
  profiled: boolean,
): GraphSession {
  return {
    async run(feeds) {
      const tensors = Object.entries(feeds).map(([name, { values, shape }]) => {
        const tensor =
          values instanceof Float32Array
            ? new runtime.Tensor("float32", values, shape)
            : new runtime.Tensor("int64", values, shape);
        return [name, tensor] as const;
      });
      const results = await session.run(Object.fromEntries(tensors));
      return new Map(
        Object.entries(results).map(([name, tensor]) => {
          if (!(tensor.data instanceof Float32Array)) throw new TypeError(`${name} is not float32`);
          return [name, tensor.data];
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      if (profiled) session.endProfiling();
      await session.release();
    },
  };
}

async function loadRuntime(): Promise<typeof OnnxRuntime> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new SampanError("dependency-missing", "onnxruntime-node could not be loaded", {
      hint: "Tuning runs on it: npm install onnxruntime-node@1.30.0",
      cause,
    });
  }
}

function sessionFailed(provider: string, cause: unknown): SampanError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SampanError(
    "dependency-missing",
    `ONNX Runtime cannot tune on "${provider}": ${why}`,
    {
      hint:
        provider === "cpu"
          ? "Is there enough free memory? Otherwise please report it: the CPU can always be used."
          : "Use --provider cpu, or install an onnxruntime-node build that has this provider.",
      cause,
    },
  );
}
