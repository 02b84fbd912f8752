import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A sample as it came: its value in bits, as one NaN is not like another. */
export interface Came {
  at: number;
  value: number;
  isStale: boolean;
}

/** What stands in for a store: takes remote write 1.0 as strictly as it is written down, and answers `…_over_time` of one series. */
export interface StrictStore extends AsyncDisposable {
  readonly url: string;
  /** By name and id. */
  readonly series: ReadonlyMap<string, ReadonlyMap<number, Came>>;
  /** What was wrong with a request; none of it is allowed. */
  readonly complaints: string[];
  /** How many requests of remote write there were. */
  readonly writes: number;
  /** What it answers to the next requests in the place of taking them; undefined: it takes them. */
  answer: { status: number; body?: string; headers?: Record<string, string> } | undefined;
  /** It refuses what is older than what it has of a series, as Prometheus does that is not told otherwise. */
  isInOrder: boolean;
  /** Asked for on every request; null: nobody is asked who they are. */
  authorization: string | null;
}

const STALE = 0x7ff0000000000002n;

export async function openStrictStore(): Promise<StrictStore> {
  const series = new Map<string, Map<number, Came>>();
  const store = {
    series,
    complaints: [] as string[],
    writes: 0,
    answer: undefined as StrictStore["answer"],
    authorization: null as string | null,
    isInOrder: false,
  };
  const server = createServer((request, response) => {
    void respond(request, response).catch(error => {
      store.complaints.push(String(error));
      response.writeHead(500).end();
    });
  });
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    if (store.answer) {
      const { status, body: text = "", headers = {} } = store.answer;
      return void response.writeHead(status, headers).end(text);
    }
    if (store.authorization !== null && request.headers.authorization !== store.authorization)
      return void response.writeHead(401).end("who are you?");
    assert.equal(request.method, "POST");
    if (request.url === "/api/v1/write") {
      store.writes += 1;
      assert.equal(request.headers["content-encoding"], "snappy");
      assert.equal(request.headers["content-type"], "application/x-protobuf");
      assert.equal(request.headers["x-prometheus-remote-write-version"], "0.1.0");
      const written = readRequest(unsnap(body));
      if (store.isInOrder && written.some(one => isOld(one, series)))
        return void response.writeHead(400).end("out of order sample");
      take(written, series);
      return void response.writeHead(204).end();
    }
    assert.equal(request.url, "/api/v1/query_range");
    const answer = JSON.stringify(query(new URLSearchParams(body.toString()), series));
    response.writeHead(200, { "content-type": "application/json" }).end(answer);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(store, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(closed => server.close(closed));
    },
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Of Snappy's block format. Throws for anything that is not whole. */
export function unsnap(data: Buffer): Buffer {
  let at = 0;
  const [length, begin] = varint(data, at);
  at = begin;
  const out = Buffer.alloc(length);
  let end = 0;
  while (at < data.length) {
    const tag = data.readUInt8(at++);
    const kind = tag & 3;
    if (kind === 0) {
      const size = tag >> 2;
      const bytes = Math.max(0, size - 59);
      const count = 1 + (bytes === 0 ? size : data.readUIntLE(at, bytes));
      at += bytes;
      assert.ok(at + count <= data.length && end + count <= length, "a literal that is too long");
      end += data.copy(out, end, at, at + count);
      at += count;
      continue;
    }
    const count = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const offset =
      kind === 1 ? ((tag >> 5) << 8) | data.readUInt8(at) : kind === 2 ? data.readUInt16LE(at) : data.readUInt32LE(at);
    at += kind === 1 ? 1 : kind === 2 ? 2 : 4;
    assert.ok(offset > 0 && offset <= end && end + count <= length, "a copy of what is not there");
    for (let left = count; left > 0; left--, end++) out[end] = out[end - offset] ?? 0;
  }
  assert.equal(end, length, "not as long as it says");
  return out;
}

function varint(data: Buffer, begin: number): [value: number, end: number] {
  let [value, factor, at] = [0, 1, begin];
  for (;;) {
    const byte = data.readUInt8(at++);
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
    factor *= 128;
    assert.ok(factor < 2 ** 63, "a number that does not end");
  }
}

/** The fields of a protobuf message; no other kinds than those that are used. */
function* fields(data: Buffer): Generator<{ number: number; bytes?: Buffer; value?: number }> {
  for (let at = 0; at < data.length; ) {
    const [tag, begin] = varint(data, at);
    const number = tag >> 3;
    if ((tag & 7) === 2) {
      const [length, start] = varint(data, begin);
      assert.ok(start + length <= data.length, "a field that is longer than its message");
      yield { number, bytes: data.subarray(start, start + length) };
      at = start + length;
    } else if ((tag & 7) === 1) {
      yield { number, bytes: data.subarray(begin, begin + 8) };
      at = begin + 8;
    } else {
      assert.equal(tag & 7, 0, "a kind of field that nobody uses");
      const [value, end] = varint(data, begin);
      yield { number, value };
      at = end;
    }
  }
}

interface Written {
  labels: [string, string][];
  samples: Came[];
}

function readRequest(data: Buffer): Written[] {
  return [...fields(data)].map(({ number, bytes = Buffer.alloc(0) }) => {
    assert.equal(number, 1, "only series");
    const labels: [string, string][] = [];
    const samples: Came[] = [];
    for (const field of fields(bytes)) {
      const parts = [...fields(field.bytes ?? Buffer.alloc(0))];
      if (field.number === 1) {
        assert.deepEqual(
          parts.map(part => part.number),
          [1, 2],
        );
        labels.push(parts.map(part => part.bytes?.toString("utf8") ?? "") as [string, string]);
      } else {
        assert.equal(field.number, 2, "labels and samples");
        const [value, time] = [parts.find(part => part.number === 1), parts.find(part => part.number === 2)];
        const bits = value?.bytes?.readBigUInt64LE() ?? 0n;
        samples.push({ at: time?.value ?? 0, value: value?.bytes?.readDoubleLE() ?? 0, isStale: bits === STALE });
      }
    }
    return { labels, samples };
  });
}

function keyOf({ labels }: Written): string {
  const { __name__: metric = "", id = "" } = Object.fromEntries(labels);
  return `${metric} ${id}`;
}

function isOld(written: Written, series: ReadonlyMap<string, ReadonlyMap<number, Came>>): boolean {
  const newest = Math.max(0, ...(series.get(keyOf(written))?.keys() ?? []));
  return written.samples.some(({ at }) => at < newest);
}

function take(written: readonly Written[], series: Map<string, Map<number, Came>>): void {
  const keys = new Set<string>();
  for (const { labels, samples } of written) {
    const names = labels.map(([name]) => name);
    assert.deepEqual(names, [...new Set(names)].sort(), "labels in the order of their names, each once");
    for (const [name, value] of labels) assert.ok(/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && value !== "", name);
    const { __name__: metric = "", id = "" } = Object.fromEntries(labels);
    assert.match(metric, /^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    const key = `${metric} ${id}`;
    assert.ok(!keys.has(key), "each series once in a request");
    keys.add(key);
    assert.ok(samples.length > 0, "a series without samples");
    const known = series.get(key) ?? new Map<number, Came>();
    series.set(key, known);
    let last = 0;
    for (const sample of samples) {
      assert.ok(sample.at > last, "samples in the order of time");
      assert.ok(sample.isStale || Number.isFinite(sample.value), "a NaN is only the mark that a series ends");
      last = sample.at;
      const before = known.get(sample.at);
      assert.ok(!before || (before.value === sample.value && !sample.isStale) || (before.isStale && sample.isStale));
      known.set(sample.at, sample);
    }
  }
}

const QUERY = /^(min|avg|max)_over_time\((\w+)\{id="((?:[^"\\]|\\.)*)"\}\[(\d+)ms\]\)$/;

function query(asked: URLSearchParams, series: ReadonlyMap<string, ReadonlyMap<number, Came>>): object {
  const [, which, metric, id, range] = QUERY.exec(asked.get("query") ?? "") ?? [];
  assert.ok(which && metric && id !== undefined && range, `a query: ${asked.get("query")}`);
  const resource = JSON.parse(`"${id}"`) as string;
  const known = series.get(`${metric} ${resource}`);
  const time = (name: string) => Math.round(Number(asked.get(name)) * 1000);
  const values: [number, string][] = [];
  assert.ok((time("end") - time("start")) / time("step") < 11_000, "more points than a store gives");
  for (let at = time("start"); at <= time("end"); at += time("step")) {
    const within = [...(known?.values() ?? [])].filter(
      one => !one.isStale && one.at > at - Number(range) && one.at <= at,
    );
    if (within.length === 0) continue;
    const all = within.map(({ value }) => value);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    values.push([at / 1000, String(which === "avg" ? mean : which === "min" ? Math.min(...all) : Math.max(...all))]);
  }
  const metrics = { __name__: metric, id: resource };
  return {
    status: "success",
    data: { resultType: "matrix", result: values.length > 0 ? [{ metric: metrics, values }] : [] },
  };
}
