import type { Percent } from "../kit/units.ts";
import type { DockerHostFacts } from "./docker.ts";

/** Of the host's memory, percent; null: unknown. */
export function memoryPercentOf({
  memoryUsedBytes,
  totalMemoryBytes,
}: Pick<DockerHostFacts, "memoryUsedBytes" | "totalMemoryBytes">): Percent | null {
  return memoryUsedBytes !== null && totalMemoryBytes ? (memoryUsedBytes / totalMemoryBytes) * 100 : null;
}
