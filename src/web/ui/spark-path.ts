const WIDTH = 60;
const HEIGHT = 16;

/**
 * The path of a line through percentages in a box of 60 × 16, from zero up to the greatest value, `least` at the least: so small noise stays
 * small, and what is half full stands at half. A gap is a gap. "": there is nothing to draw.
 */
export function toPath(values: readonly (number | null)[], least: number): string {
  const most = values.reduce<number>((greatest, value) => Math.max(greatest, value ?? 0), least);
  const across = WIDTH / Math.max(1, values.length - 1);
  let path = "";
  values.forEach((value, at) => {
    if (value === null) return;
    const begins = at === 0 || values[at - 1] === null;
    const x = Math.round(at * across * 10) / 10;
    const y = Math.round((HEIGHT - 1 - (Math.max(0, value) / most) * (HEIGHT - 2)) * 10) / 10;
    path += `${begins ? "M" : "L"}${x} ${y}`;
    // No line leads to a value that stands alone.
    if (begins && (values[at + 1] ?? null) === null) path += "h.1";
  });
  return path;
}
