import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Units that came with a release and lie among those of systemd as something else: those of another version, or changed by hand. */
export function otherUnits(release: string, unitFolders: readonly string[]): readonly string[] {
  const own = join(release, "lib/systemd");
  if (!existsSync(own)) return [];
  return readdirSync(own)
    .sort()
    .filter(name => {
      const folder = unitFolders.find(each => existsSync(join(each, name)));
      return folder !== undefined && read(join(folder, name)) !== read(join(own, name));
    });
}

/** null: it may not be read. */
function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
