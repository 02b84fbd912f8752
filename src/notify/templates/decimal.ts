/** A number's decimal digits, without zeros at either end: 0.`digits` × 10^`point`. */
interface Decimal {
  digits: string;
  point: number;
}

/**
 * Prints a float64 as Go does with the verbs e, f and g. `precision` null: the fewest digits that say which number it is. Go rounds the
 * exact binary value half to even; `toFixed` rounds ties up: `printf "%.1f" 2.25` gives 2.2.
 */
export function formatFloat(value: number, verb: "e" | "f" | "g", precision: number | null): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const exact = precision === null ? shortest(Math.abs(value)) : exactly(Math.abs(value));
  if (verb === "f") {
    const rounded = precision === null ? exact : roundTo(exact, exact.point + precision);
    return sign + fixed(rounded, precision ?? Math.max(0, rounded.digits.length - rounded.point));
  }
  if (verb === "e") {
    const rounded = precision === null ? exact : roundTo(exact, precision + 1);
    return sign + scientific(rounded, precision ?? Math.max(0, rounded.digits.length - 1));
  }
  const figures = precision === null ? exact.digits.length : Math.max(1, precision);
  const rounded = precision === null ? exact : roundTo(exact, figures);
  const exponent = rounded.digits === "" ? 0 : rounded.point - 1;
  // Without a precision a million and more have an exponent.
  const most = precision === null ? 6 : figures;
  if (exponent < -4 || exponent >= most) return sign + scientific(rounded, Math.max(0, rounded.digits.length - 1));
  return sign + fixed(rounded, Math.max(0, rounded.digits.length - rounded.point));
}

function shortest(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  return trimmed(mantissa.replace(".", ""), Number(exponent) + 1);
}

/** All digits of the binary value, of which there may be some 770. */
function exactly(value: number): Decimal {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n) & 0x7ff;
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = (biased === 0 ? 1 : biased) - 1075;
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return trimmed(digits, digits.length);
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return trimmed(digits, digits.length + exponent);
}

function trimmed(digits: string, point: number): Decimal {
  const bare = digits.replace(/^0+/, "");
  const rest = bare.replace(/0+$/, "");
  return rest === "" ? { digits: "", point: 0 } : { digits: rest, point: point - (digits.length - bare.length) };
}

/** Keeps `count` digits, half to even. */
function roundTo({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: "", point: 0 };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const half = rest.charAt(0) === "5" && rest.length === 1;
  const up = half ? Number(kept.at(-1) ?? 0) % 2 === 1 : rest.charAt(0) >= "5";
  if (!up) return trimmed(kept, point);
  const raised = (BigInt(kept || 0) + 1n).toString().padStart(count, "0");
  return trimmed(raised, point + raised.length - count);
}

function fixed({ digits, point }: Decimal, decimals: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const fraction = (point > 0 ? digits.slice(point) : "0".repeat(-point) + digits).padEnd(decimals, "0");
  return decimals > 0 ? `${whole}.${fraction.slice(0, decimals)}` : whole;
}

function scientific({ digits, point }: Decimal, decimals: number): string {
  const exponent = digits === "" ? 0 : point - 1;
  const fraction = digits.slice(1).padEnd(decimals, "0");
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits.charAt(0) || "0"}${decimals > 0 ? `.${fraction}` : ""}e${exponent < 0 ? "-" : "+"}${power}`;
}
