import assert from "node:assert/strict";
import { test } from "node:test";
import { toUrl } from "./to-url.ts";

const CASES: readonly [typed: string, url: string | null][] = [
  ["", null],
  ["  ", null],
  ["cloud.example.com", "https://cloud.example.com"],
  [" 192.168.1.10:8080/ui ", "https://192.168.1.10:8080/ui"],
  ["http://nas", "http://nas"],
  ["HTTPS://nas", "HTTPS://nas"],
  // The server refuses it, and says why.
  ["ftp://nas", "ftp://nas"],
];

test("an address without its scheme is meant to be HTTPS", () => {
  for (const [typed, url] of CASES) assert.equal(toUrl(typed), url, typed);
});
