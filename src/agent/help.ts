export const HELP = `Usage: pulse-docker-agent --url https://pulse.example.com:7655 --token-file FILE

Tells a Pulse server what runs on this Docker or Podman host. It only reads.

  --url URL             the Pulse server; default http://localhost:7655        PULSE_URL
  --token-file FILE     a file that holds an API token with the scope agent    PULSE_TOKEN_FILE
  --token TOKEN         the token itself; see below                            PULSE_TOKEN
  --target "URL|TOKEN"  a server more, as often as there are servers;          PULSE_TARGETS, with ; between
                        "URL|@FILE" reads the token from a file, and
                        "URL|TOKEN|insecure" does not check the certificate
  --interval 30s        time between two reports, 1s to 1h                     PULSE_INTERVAL
  --hostname NAME       what this host is called, instead of its own name      PULSE_HOSTNAME
  --agent-id ID         what this agent is known by, instead of a chance id    PULSE_AGENT_ID
  --state-dir FOLDER    where that id is kept; default /var/lib/pulse-docker-agent
  --ca FILE             certificates to trust in place of the known authorities
  --insecure            do not check the servers' certificates                 PULSE_INSECURE_SKIP_VERIFY
  --once                print one report as JSON and end
  --version, --help

The engine is found as Docker's own command line finds it: DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH;
else /var/run/docker.sock, /run/podman/podman.sock, or the socket of this user's Podman, whichever is there.

A token on the command line is kept in the shell's history, and other users see it with "ps" for a moment: the
agent overwrites it there as soon as it has started. A file or the environment keeps it to yourself.
PULSE_NO_AUTO_UPDATE is accepted; this agent never replaces itself.
`;
