import assert from "node:assert/strict";
import { test } from "node:test";
import { HttpReader } from "./http-answer.ts";

const PLAIN = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nServer: Libpod/4 (linux)\r\n\r\n[1,2,3]";
const CHUNKED =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n[1,\r\n4\r\n2,3]\r\n0\r\nTrailer: t\r\n\r\n";
const TO_THE_END = "HTTP/1.1 200 OK\r\n\r\n[1,2,3]";

const ANSWERS: [sentence: string, bytes: string, status: number, text: string, keeps: boolean][] = [
  ["with a length", PLAIN, 200, "[1,2,3]", true],
  ["in chunks", CHUNKED, 200, "[1,2,3]", true],
  ["without a body", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true],
  ["of a length of nothing", "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", 404, "", true],
  ["after one that asks to go on", `HTTP/1.1 100 Continue\r\n\r\n${PLAIN}`, 200, "[1,2,3]", true],
  ["that closes", PLAIN.replace("Server", "Connection: close\r\nServer"), 200, "[1,2,3]", false],
  ["of the older version", PLAIN.replace("1.1", "1.0"), 200, "[1,2,3]", false],
];
for (const [sentence, bytes, status, text, keeps] of ANSWERS)
  for (const size of [1, 7, 10_000])
    test(`an answer ${sentence}, ${size} bytes at a time`, () => {
      const reader = new HttpReader(1000);
      const whole = Buffer.from(bytes);
      let answer = null;
      for (let at = 0; at < whole.length && answer === null; at += size)
        answer = reader.add(whole.subarray(at, at + size));
      assert.deepEqual([answer?.status, answer?.text, answer?.keeps], [status, text, keeps]);
    });

test("what comes after an answer is not taken for the next one: its connection is given up", () => {
  assert.equal(new HttpReader(1000).add(Buffer.from(`${PLAIN}more`))?.keeps, false);
});

test("an answer of no known length ends with its connection; any other that does is cut off", () => {
  const reader = new HttpReader(1000);
  assert.equal(reader.add(Buffer.from(TO_THE_END)), null);
  assert.deepEqual([reader.end()?.text, reader.end()?.keeps], ["[1,2,3]", false]);
  for (const cut of ["", "HTTP/1.1 200", PLAIN.slice(0, -1), CHUNKED.slice(0, -2)]) {
    const other = new HttpReader(1000);
    assert.equal(other.add(Buffer.from(cut)), null);
    assert.equal(other.end(), null, cut);
  }
});

test("letters of several bytes come through, wherever they are cut", () => {
  const body = Buffer.from('"naïve 🐳"');
  const reader = new HttpReader(1000);
  reader.add(Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`));
  reader.add(body.subarray(0, 4));
  assert.equal(reader.add(body.subarray(4))?.text, '"naïve 🐳"');
});

const BAD: [sentence: string, bytes: string][] = [
  ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n"],
  ["a length that is none", "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"],
  ["a chunk that has no length", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n"],
  ["more than is read", `HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n${"x".repeat(2000)}`],
  ["a head without an end", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}`],
];
for (const [sentence, bytes] of BAD)
  test(`refused: ${sentence}`, () => assert.throws(() => new HttpReader(1000).add(Buffer.from(bytes)), SyntaxError));
