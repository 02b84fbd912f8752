import assert from "node:assert/strict";
import { test } from "node:test";
import { toInstallCommand } from "./install-command.ts";

const CASES: [sentence: string, href: string, insecure: boolean, command: string][] = [
  [
    "from the page's own address",
    "http://pulse:7655/?page=settings&section=docker",
    false,
    "curl -fsSL 'http://pulse:7655/install-docker-agent.sh' | sh -s -- --url 'http://pulse:7655' --token abc",
  ],
  [
    "below a path of a reverse proxy",
    "https://example.com/tools/pulse/?page=settings",
    false,
    "curl -fsSL 'https://example.com/tools/pulse/install-docker-agent.sh' | sh -s -- --url 'https://example.com/tools/pulse' --token abc",
  ],
  [
    "with a certificate that the host does not know",
    "https://pulse:7655/",
    true,
    "curl -kfsSL 'https://pulse:7655/install-docker-agent.sh' | sh -s -- --url 'https://pulse:7655' --token abc --insecure",
  ],
  [
    "with nothing that ends the quotes",
    "http://pulse/it's/",
    false,
    "curl -fsSL 'http://pulse/it%27s/install-docker-agent.sh' | sh -s -- --url 'http://pulse/it%27s' --token abc",
  ],
];
for (const [sentence, href, insecure, command] of CASES)
  test(`a Docker host gets its agent ${sentence}`, () =>
    assert.equal(toInstallCommand(href, "abc", insecure), command));
