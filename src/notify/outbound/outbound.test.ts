import assert from "node:assert/strict";
import type { LookupFunction } from "node:net";
import { type TestContext, test } from "node:test";
import { MINUTE, SECOND } from "../../kit/units.ts";
import { issueCertificate } from "../../simulator/certificate.ts";
import type { ChannelFault } from "../channels/channel.ts";
import { failureOf } from "../channels/failure-of.ts";
import { type OutboundOptions, openOutbound } from "./outbound.ts";
import { openReceiver } from "./recording-receiver.ts";

const NOW = Date.UTC(2026, 10, 29, 12, 0, 0);
const LOOPBACK: OutboundOptions = { allow: ["127.0.0.0/8"], privateNetworks: true, now: () => NOW };

const CERTIFICATE = issueCertificate("receiver", "127.0.0.1");

function outbound(context: TestContext, options: OutboundOptions = LOOPBACK) {
  const out = openOutbound(options);
  context.after(() => out[Symbol.asyncDispose]());
  return out;
}

const message = (url: string) =>
  ({ url, method: "POST", headers: { "Content-Type": "text/plain" }, body: "hello" }) as const;

/** Names that lead to these addresses, one after the other at each question. */
function names(...answers: readonly (readonly string[])[]): LookupFunction {
  let asked = 0;
  return (_, __, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(
      null,
      addresses.map(address => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
}

test("a request arrives as it is, and its answer comes back", async context => {
  const { port, seen } = await openReceiver(context, response => response.writeHead(418).end("short and stout"));
  const { post } = outbound(context);
  const answer = await post({ ...message(`http://127.0.0.1:${port}/a?b=c`), headers: { "X-Token": "secret" } });
  assert.deepEqual(answer, { status: 418, body: "short and stout", retryAfter: null });
  assert.deepEqual([seen[0]?.method, seen[0]?.url, String(seen[0]?.body)], ["POST", "/a?b=c", "hello"]);
  assert.equal(seen[0]?.headers["x-token"], "secret");
});

test("name and password in the address become a header", async context => {
  const { port, seen } = await openReceiver(context, response => response.end());
  await outbound(context).post(message(`http://me:p%40ss@127.0.0.1:${port}/`));
  assert.equal(seen[0]?.headers.authorization, `Basic ${Buffer.from("me:p@ss").toString("base64")}`);
});

const REFUSED: readonly (readonly [name: string, url: string])[] = [
  ["loopback", "http://127.0.0.1:PORT/"],
  ["loopback by decimal", "http://2130706433:PORT/"],
  ["loopback by octal", "http://0177.0.0.1:PORT/"],
  ["loopback by hexadecimal", "http://0x7f.1:PORT/"],
  ["loopback by two parts", "http://127.1:PORT/"],
  ["loopback in full-width digits", "http://１２７.０.０.１:PORT/"],
  ["localhost", "http://localhost:PORT/"],
  ["IPv6 loopback", "http://[::1]:PORT/"],
  ["mapped loopback", "http://[::ffff:127.0.0.1]:PORT/"],
  ["the unspecified address", "http://0.0.0.0:PORT/"],
  ["metadata", "http://169.254.169.254/latest/meta-data/"],
  ["NAT64 to metadata", "http://[64:ff9b::a9fe:a9fe]/"],
  ["6to4 to loopback", "http://[2002:7f00:1::]:PORT/"],
  ["multicast", "http://224.0.0.1:PORT/"],
  ["broadcast", "http://255.255.255.255:PORT/"],
];

for (const [name, url] of REFUSED)
  test(`${name} is refused, and nothing is connected to`, async context => {
    const { port, seen } = await openReceiver(context, response => response.end());
    const out = outbound(context, { allow: [], privateNetworks: true });
    const target = url.replace("PORT", String(port));
    assert.equal((await failureOf(out.post(message(target)))).fault, "forbidden");
    assert.equal(seen.length, 0);
    assert.match(out.refusalOf(target) ?? "", /^"[^"]+" is where Pulse does not send to/);
  });

for (const url of ["ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "javascript:alert(1)"])
  test(`${url} is refused for its scheme`, async context => {
    const out = outbound(context);
    assert.equal((await failureOf(out.post(message(url)))).fault, "forbidden");
    assert.match(out.refusalOf(url) ?? "", /http and https alone/);
  });

for (const url of ["no address", "http://", "http://[fe80::1%25eth0]/", "http://[::1", "http://256.1.1.1/"])
  test(`${url} is no URL`, async context => {
    const out = outbound(context);
    assert.equal((await failureOf(out.post(message(url)))).fault, "refused");
    assert.equal(out.refusalOf(url), "The address is no URL");
  });

test("private networks can be closed, and single ones opened again", context => {
  const closed = outbound(context, { allow: ["192.168.7.0/24"], privateNetworks: false });
  assert.match(closed.refusalOf("http://192.168.1.5/") ?? "", /Private networks are closed/);
  assert.match(closed.refusalOf("http://[fd12::1]/") ?? "", /Private networks are closed/);
  assert.equal(closed.refusalOf("http://192.168.7.5/"), null);
  assert.equal(closed.refusalOf("https://example.com/"), null);
  assert.equal(outbound(context, { allow: [], privateNetworks: true }).refusalOf("http://192.168.1.5/"), null);
});

test("a block that cannot be read is named", () => {
  assert.throws(() => openOutbound({ allow: ["10.0.0.0/99"], privateNetworks: true }), /"10\.0\.0\.0\/99" is no block/);
});

const NAMES: readonly (readonly [name: string, answers: string[], fault: ChannelFault | null])[] = [
  ["a name that leads to loopback", ["127.0.0.1"], "forbidden"],
  ["a name that leads to mapped loopback", ["::ffff:127.0.0.1"], "forbidden"],
  ["a name with a zone", ["fe80::1%lo"], "forbidden"],
  ["a name that leads nowhere", [], "forbidden"],
];

for (const [name, answers, fault] of NAMES)
  test(`${name} is refused`, async context => {
    const { port, seen } = await openReceiver(context, response => response.end());
    const out = outbound(context, { allow: [], privateNetworks: true, lookup: names(answers) });
    const failure = await failureOf(out.post(message(`http://receiver.example:${port}/`)));
    assert.equal(failure.fault, fault);
    assert.equal(seen.length, 0);
  });

test("a name is asked for once a connection: what was checked is what is connected to", async context => {
  const { port, seen } = await openReceiver(context, response => response.end("ok"));
  const lookup = names(["127.0.0.1"], ["127.0.0.2"]);
  const out = outbound(context, { allow: ["127.0.0.1"], privateNetworks: true, lookup });
  assert.equal((await out.post(message(`http://receiver.example:${port}/`))).status, 200);
  assert.equal(seen.length, 1);
  // The next connection asks anew, gets another address, and is refused.
  const again = openOutbound({ allow: ["127.0.0.1"], privateNetworks: true, lookup });
  context.after(() => again[Symbol.asyncDispose]());
  assert.equal((await failureOf(again.post(message(`http://receiver.example:${port}/`)))).fault, "forbidden");
});

test("of several addresses those are left out that are forbidden", async context => {
  const { port, seen } = await openReceiver(context, response => response.end("ok"));
  const lookup = names(["127.0.0.2", "127.0.0.1"]);
  const out = outbound(context, { allow: ["127.0.0.1"], privateNetworks: true, lookup });
  assert.equal((await out.post(message(`http://receiver.example:${port}/`))).status, 200);
  assert.equal(seen.length, 1);
});

const METHODS: readonly (readonly [status: number, method: string, body: string])[] = [
  [301, "POST", "hello"],
  [302, "POST", "hello"],
  [303, "GET", ""],
  [307, "POST", "hello"],
  [308, "POST", "hello"],
];

for (const [status, method, body] of METHODS)
  test(`a redirect by ${status} to the same host is followed by ${method}`, async context => {
    const { port, seen } = await openReceiver(context, (response, { url }) =>
      url === "/from" ? response.writeHead(status, { Location: "/to" }).end() : response.end("there"),
    );
    const headers = { Authorization: "Bearer secret" };
    const answer = await outbound(context).post({ ...message(`http://127.0.0.1:${port}/from`), headers });
    assert.equal(answer.body, "there");
    assert.deepEqual([seen[1]?.method, seen[1]?.url, String(seen[1]?.body)], [method, "/to", body]);
    assert.equal(seen[1]?.headers.authorization, "Bearer secret");
  });

test("to another host credentials stay behind, and the message goes along by 307 alone", async context => {
  const other = await openReceiver(context, response => response.end("there"));
  // The receivers listen at one address alone: a name stands for the other host.
  const out = outbound(context, { ...LOOPBACK, lookup: names(["127.0.0.1"]) });
  const headers = {
    Authorization: "Bearer secret",
    "X-Api-Key": "secret",
    Cookie: "a=b",
    "Content-Type": "text/plain",
  };
  const elsewhere = await openReceiver(context, (response, { url }) =>
    response.writeHead(Number(url?.slice(1)), { Location: `http://other.example:${other.port}/` }).end(),
  );
  for (const status of [307, 302])
    await out.post({ ...message(`http://127.0.0.1:${elsewhere.port}/${status}`), headers });
  assert.deepEqual(
    other.seen.map(({ method, body }) => [method, String(body)]),
    [
      ["POST", "hello"],
      ["GET", ""],
    ],
  );
  for (const one of other.seen)
    assert.deepEqual(
      [one.headers.authorization, one.headers["x-api-key"], one.headers.cookie],
      [undefined, undefined, undefined],
    );
});

test("another port of the same host is another server", async context => {
  const other = await openReceiver(context, response => response.end("there"));
  const { port } = await openReceiver(context, response =>
    response.writeHead(307, { Location: `http://127.0.0.1:${other.port}/` }).end(),
  );
  await outbound(context).post({
    ...message(`http://127.0.0.1:${port}/`),
    headers: { Authorization: "Bearer secret" },
  });
  assert.equal(other.seen[0]?.headers.authorization, undefined);
});

test("a redirect to where nothing goes is refused", async context => {
  const { port, seen } = await openReceiver(context, response =>
    response.writeHead(307, { Location: "http://169.254.169.254/latest" }).end(),
  );
  const failure = await failureOf(outbound(context).post(message(`http://127.0.0.1:${port}/`)));
  assert.equal(failure.fault, "forbidden");
  assert.match(failure.message, /^"169\.254\.169\.254"/);
  assert.equal(seen.length, 1);
});

test("three redirects are followed, the fourth is not", async context => {
  const { port, seen } = await openReceiver(context, (response, { url }) => {
    const left = Number(url?.slice(1));
    if (left === 0) response.end("there");
    else response.writeHead(308, { Location: `/${left - 1}` }).end();
  });
  const { post } = outbound(context);
  assert.equal((await post(message(`http://127.0.0.1:${port}/3`))).body, "there");
  seen.length = 0;
  const failure = await failureOf(post(message(`http://127.0.0.1:${port}/4`)));
  assert.equal(failure.fault, "refused");
  assert.equal(seen.length, 4);
});

test("a redirect from https to http is refused", async context => {
  const plain = await openReceiver(context, response => response.end());
  const { port } = await openReceiver(
    context,
    response => response.writeHead(307, { Location: `http://127.0.0.1:${plain.port}/` }).end(),
    CERTIFICATE,
  );
  const failure = await failureOf(outbound(context).post({ ...message(`https://127.0.0.1:${port}/`), insecure: true }));
  assert.equal(failure.fault, "forbidden");
  assert.equal(plain.seen.length, 0);
});

test("a certificate that is not trusted is refused, unless it need not be right", async context => {
  const { port, seen } = await openReceiver(context, response => response.end("ok"), CERTIFICATE);
  const { post } = outbound(context);
  const failure = await failureOf(post(message(`https://127.0.0.1:${port}/`)));
  assert.equal(failure.fault, "unreachable");
  assert.match(failure.message, /^The certificate of "127\.0\.0\.1:\d+" is not trusted \(\w+\)$/);
  assert.equal(seen.length, 0);
  assert.equal((await post({ ...message(`https://127.0.0.1:${port}/`), insecure: true })).status, 200);
});

test("Retry-After is read as seconds, and as a date in all of its forms", async context => {
  const headers = [
    ...["120", new Date(NOW + MINUTE).toUTCString(), "soon", "-5", new Date(NOW - MINUTE).toUTCString()],
    // The older forms of a date.
    ...["Sunday, 29-Nov-26 12:01:00 GMT", "Sun Nov 29 12:01:00 2026"],
  ];
  const { port } = await openReceiver(context, (response, { url }) =>
    response.writeHead(429, { "Retry-After": headers[Number(url?.slice(1))] ?? "" }).end(),
  );
  const { post } = outbound(context);
  const read = [];
  for (const index of headers.keys()) read.push((await post(message(`http://127.0.0.1:${port}/${index}`))).retryAfter);
  assert.deepEqual(read, [120 * SECOND, MINUTE, null, null, 0, MINUTE, MINUTE]);
});

test("an answer is read to 64 KiB", async context => {
  const { port } = await openReceiver(context, response => response.end("x".repeat(1_000_000)));
  assert.equal((await outbound(context).post(message(`http://127.0.0.1:${port}/`))).body.length, 65_536);
});

test("what has left and is not answered may have come", async context => {
  const { port, seen } = await openReceiver(context, (response, { url }) => {
    if (url === "/breaks") response.destroy();
  });
  const { post } = outbound(context);
  for (const [path, said] of [
    ["hangs", "No answer in time from"],
    ["breaks", "Cannot reach"],
  ] as const) {
    const failure = await failureOf(post({ ...message(`http://127.0.0.1:${port}/${path}`), timeout: 500 }));
    assert.deepEqual([failure.fault, failure.perhaps], ["unreachable", true]);
    assert.ok(failure.message.startsWith(`${said} "127.0.0.1:${port}"`), failure.message);
  }
  assert.equal(seen.length, 2);
  const absent = await failureOf(post(message("http://127.0.0.1:1/")));
  assert.deepEqual([absent.fault, absent.perhaps], ["unreachable", false]);
});

test("an answer whose end does not come is known by its status", async context => {
  const { port } = await openReceiver(context, (response, { url }) => {
    response.writeHead(Number(url?.slice(1, 4))).write("one");
    if (url?.endsWith("cut")) setImmediate(() => response.destroy());
  });
  const { post } = outbound(context);
  for (const path of ["200", "200/cut", "500"]) {
    const { status, body } = await post({ ...message(`http://127.0.0.1:${port}/${path}`), timeout: 500 });
    assert.deepEqual([status, body], [Number(path.slice(0, 3)), "one"]);
  }
});

test("a closed port is unreachable; path and query are not told", async context => {
  const { port } = await openReceiver(context, response => response.destroy());
  const { post } = outbound(context);
  for (const target of [
    `http://127.0.0.1:1/bot123:secret?token=secret`,
    `http://127.0.0.1:${port}/secret?token=secret`,
  ]) {
    const failure = await failureOf(post(message(target)));
    assert.equal(failure.fault, "unreachable");
    assert.doesNotMatch(failure.message, /secret/);
  }
});

test("a header with a line break is refused", async context => {
  const { port, seen } = await openReceiver(context, response => response.end());
  const headers = { "X-Odd": "one\r\nX-Two: two" };
  const failure = await failureOf(outbound(context).post({ ...message(`http://127.0.0.1:${port}/`), headers }));
  assert.equal(failure.fault, "refused");
  assert.equal(seen.length, 0);
});

test("the environment's proxy is not used", async context => {
  const proxy = await openReceiver(context, response => response.end("by the proxy"));
  const { port } = await openReceiver(context, response => response.end("directly"));
  const before = { ...process.env };
  context.after(() => {
    process.env = before;
  });
  for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
    process.env[name] = `http://127.0.0.1:${proxy.port}`;
  process.env.NODE_USE_ENV_PROXY = "1";
  assert.equal((await outbound(context).post(message(`http://127.0.0.1:${port}/`))).body, "directly");
  assert.equal(proxy.seen.length, 0);
});
