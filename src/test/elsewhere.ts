/** Why a block is not typed by the tests, as its first line says to the reader. */
export const ELSEWHERE: readonly string[] = [
  "# on a node of Proxmox VE",
  "# on the Backup Server",
  "# on the Mail Gateway",
  "# on the Docker host",
  "# on the Docker host, as root",
  "# on the screen's computer",
  "# on the machine that is to run Pulse, as root",
  "# on the machine that runs Pulse, as root",
  "# on the machine that is to run the edge",
  "# on the machine that is to run the core",
  "# in the folder of the release",
  "# in a clone of Pulse, with Podman or Docker",
  "# in a clone of Pulse, with a cluster",
  "# takes minutes: it makes and fetches packages",
  "# takes minutes: it fetches Node and Bun for both kinds of processor",
];
