type Cell = string | number | null | undefined;

/** Rows as CSV (RFC 4180), with a line of heads. */
export function toCsv<T>(
  columns: readonly (readonly [head: string, of: (row: T) => Cell])[],
  rows: readonly T[],
): string {
  const lines = [columns.map(([head]) => head), ...rows.map(row => columns.map(([, of]) => of(row) ?? ""))];
  return lines.map(line => `${line.map(toCell).join(",")}\r\n`).join("");
}

function toCell(value: string | number): string {
  // A spreadsheet takes what begins so for a formula; texts hold names that others chose.
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
