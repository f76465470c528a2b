/** Numbers and times as the screens write them. A value that is not there is a dash. */

export const NOTHING = "–";

/** A real minus sign is as wide as a digit, so columns line up. */
const MINUS = "−";

type Maybe = number | null | undefined;

/** By decimals. To make one costs far more than to use it, and a busy page writes thousands of numbers a second. */
const formats = new Map<number, Intl.NumberFormat>();

function written(value: number, decimals: number): string {
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      signDisplay: "negative", // what is rounded to nothing has no sign
    });
    formats.set(decimals, format);
  }
  return format.format(value).replace("-", MINUS);
}

/** Decimals of prices on a grid of `tickSize`: 2 for 0.05, 0 for 5. */
export function decimalsOf(tickSize: number): number {
  const [digits, exponent] = String(tickSize).split("e-");
  if (exponent !== undefined) return Number(exponent) + (digits?.split(".")[1]?.length ?? 0);
  return digits?.split(".")[1]?.length ?? 0;
}

/** A price, with the decimals of its grid. */
export function price(value: Maybe, tickSize: number): string {
  return value === null || value === undefined ? NOTHING : written(value, Math.max(decimalsOf(tickSize), 2));
}

/** Contracts; nothing for 0, if a table is easier to read so. */
export function quantity(value: Maybe, zero = "0"): string {
  if (value === null || value === undefined) return NOTHING;
  return value === 0 ? zero : written(value, 0);
}

/** An amount in currency; with a sign if it is a gain or a loss. */
export function money(value: Maybe, signed = false): string {
  if (value === null || value === undefined) return NOTHING;
  const text = written(value, 2);
  return signed && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A number with so many decimals, such as a Greek. */
export function decimal(value: Maybe, decimals: number): string {
  return value === null || value === undefined ? NOTHING : written(value, decimals);
}

/** A fraction in percent: 0.2 is 20.0 %. */
export function percent(value: Maybe, decimals = 1): string {
  return value === null || value === undefined ? NOTHING : `${written(value * 100, decimals)} %`;
}

/** The time of day of a timestamp, as it stands in its own zone: 09:30:15. */
export function timeOf(timestamp: string | null | undefined): string {
  return timestamp?.slice(11, 19) ?? NOTHING;
}

/** A phase or a reason of the protocol in plain words: `opening_auction` is `opening auction`. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

/** A duration in whole seconds: 1:02:03, or 2:03. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "");
}
