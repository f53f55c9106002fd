import type { Whereabouts } from "../../intake/index.ts";
import type { OperationContext } from "../operation.ts";

/** Where the intake may look: the folder that relative paths start in, and what the environment says. */
export function intakePlace(
  context: OperationContext,
  baseFolder: string,
): Omit<Whereabouts, "name"> {
  const { home, emit, clock, environment } = context;
  const python = environment["SAMPAN_PYTHON"];
  const hubEndpoint = environment["HF_ENDPOINT"];
  const hubToken = environment["HF_TOKEN"];
  return {
    home,
    baseFolder,
    emit,
    clock,
    offline: environment["SAMPAN_OFFLINE"] === "1",
    environment: {
      ...(python === undefined ? {} : { python }),
      ...(hubEndpoint === undefined ? {} : { hubEndpoint }),
      ...(hubToken === undefined ? {} : { hubToken }),
    },
  };
}
