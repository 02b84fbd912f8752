/** Headers and contents of a tar archive come in blocks of so many bytes. */
export const BLOCK = 512;

/**
 * The block before a file: where each field begins, and how long it is, is told in POSIX.1-1988 (ustar). `type`: "0" a file, "5" a folder;
 * others are made for tests alone. `time`: seconds since the Unix epoch. Throws for a path that is too long.
 */
export function headerOf(
  path: string,
  size: number,
  { mode, type, time, link = "" }: { mode: number; type: string; time: number; link?: string },
): Buffer {
  const header = Buffer.alloc(BLOCK);
  const [name, prefix] = split(path);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  header.write(name, 0, "utf8");
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(time, 136, 12);
  header.write(" ".repeat(8), 148);
  header.write(type, 156);
  header.write(link, 157, "utf8");
  header.write("ustar\u000000", 257);
  header.write("root", 265);
  header.write("root", 297);
  header.write(prefix, 345, "utf8");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** A path longer than 100 bytes is told in two parts, parted at a slash. */
function split(path: string): readonly [name: string, prefix: string] {
  if (Buffer.byteLength(path) <= 100) return [path, ""];
  for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return [name, prefix];
  }
  throw new Error(`"${path}" is too long for a tar archive`);
}
