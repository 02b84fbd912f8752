/** What was asked, by path pattern: "/nodes/{node}/status"; other methods than GET stand before it, unknown paths are "other". */
export interface Requests {
  total: number;
  byPath: Record<string, number>;
}

/** Counts requests, so that a bench can tell how many a cycle takes. */
export class RequestCounter {
  #byPath = new Map<string, number>();
  /** So many are not answered yet. */
  open = 0;

  /** `pattern` null: a path nobody knows. */
  count(method: string, pattern: string | null): void {
    const key = `${method === "GET" ? "" : `${method} `}${pattern ?? "other"}`;
    this.#byPath.set(key, (this.#byPath.get(key) ?? 0) + 1);
  }

  read(): Requests {
    const counts = [...this.#byPath.values()];
    return { total: counts.reduce((sum, count) => sum + count, 0), byPath: Object.fromEntries(this.#byPath) };
  }

  reset(): void {
    this.#byPath.clear();
  }
}
