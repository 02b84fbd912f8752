import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultKind } from "../../model/fault.ts";
import { LookFailed } from "../source.ts";
import { type RawAnswer, toData } from "./answer.ts";

const JSON_TYPE = "application/json;charset=UTF-8";
const answer = (status: number, body: string, reason = "", type = JSON_TYPE): RawAnswer => ({
  status,
  reason,
  type,
  body,
});
const read = (raw: RawAnswer) => toData(raw, "/version", "https://host:8007", "Proxmox Backup Server");

test("the data of a good answer", () => {
  assert.deepEqual(read(answer(200, '{"data":{"version":"4.0"}}')), { version: "4.0" });
  assert.equal(read(answer(200, '{"data":null,"total":0}')), null);
});

test("half of a character is none: the rest of the text stays", () =>
  assert.deepEqual(read(answer(200, '{"data":{"name":"a\\ud800b","note":"\\ud83d\\udca5"}}')), {
    name: "a\ufffdb",
    note: "\u{1f4a5}",
  }));

const FAULTS: [sentence: string, raw: RawAnswer, kind: FaultKind, message: RegExp][] = [
  [
    "the reason in the status line",
    answer(400, '{"data":null}', "Parameter verification failed."),
    "rejected",
    /400: Parameter/,
  ],
  ["the reason as JSON", answer(500, '{"message":"got timeout\\n","data":null}', "x"), "rejected", /500: got timeout$/],
  [
    "bare text that is labelled JSON",
    answer(400, "parameter verification errors\n\nparameter 'x': unknown", "Bad Request"),
    "rejected",
    /400: parameter verification errors parameter 'x': unknown$/,
  ],
  ["bare text to a refused sign-in", answer(401, "authentication failed", "Unauthorized"), "auth", /401: auth/],
  ["an empty 401", answer(401, "", "No ticket", ""), "auth", /401: No ticket$/],
  ["a missing privilege", answer(403, "permission check failed", "Forbidden"), "forbidden", /permission check failed$/],
  ["an unknown path", answer(404, "Path '/api2/json/x' not found.", "Not Found"), "not-found", /not found\.$/],
  ["a path that this release does not have", answer(501, "", "Method not implemented"), "not-found", /501/],
  ["a node that is down", answer(595, "", "Connection refused", ""), "node-down", /595: Connection refused$/],
  ["a proxy's page as an error", answer(502, "<html>", "Bad Gateway", "text/html"), "rejected", /502: Bad Gateway$/],
  ["a proxy's page as an answer", answer(200, "<html>", "OK", "text/html"), "garbled", /a web page/],
  ["cut JSON", answer(200, '{"data":[', "OK"), "garbled", /incomplete JSON/],
  ["JSON of another program", answer(200, "{}", "OK"), "garbled", /is there a Proxmox Backup Server\?$/],
];
for (const [sentence, raw, kind, message] of FAULTS)
  test(`${sentence} is told as ${kind}`, () => {
    assert.throws(
      () => read(raw),
      (error: unknown) => error instanceof LookFailed && error.fault.kind === kind && message.test(error.message),
    );
  });
