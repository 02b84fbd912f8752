/**
 * The command that installs the agent, for a root shell. The page's own address, `href`, is where the server is, also below a path of a
 * reverse proxy. `insecure`: the host takes any certificate of it.
 */
export function toInstallCommand(href: string, token: string, insecure: boolean): string {
  const base = new URL(".", href).href.replace(/\/$/, "").replaceAll("'", "%27");
  const [quiet, open] = insecure ? ["-kfsSL", " --insecure"] : ["-fsSL", ""];
  return `curl ${quiet} '${base}/install-docker-agent.sh' | sh -s -- --url '${base}' --token ${token}${open}`;
}
