/** What a metric of a kind of entity is called in the archive: `pulse_history_guest_network_in`. */
export function archiveName(kind: string, metric: string): string {
  return `pulse_history_${snake(kind)}_${snake(metric)}`;
}

function snake(text: string): string {
  return text.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
