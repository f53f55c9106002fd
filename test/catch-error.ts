import { SampanError } from "../src/kernel/index.ts";

/** The SampanError that a promise fails with; anything else is a failed test. */
export async function catchError(failing: Promise<unknown>): Promise<SampanError> {
  const thrown: unknown = await failing.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (SampanError.isInstance(thrown)) return thrown;
  throw new Error(`no SampanError but ${String(thrown)}`, { cause: thrown });
}
