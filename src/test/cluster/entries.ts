import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { readSeen, type SeenEntry } from "../../cluster/entry.ts";
import { placeOf, STREAM } from "../../cluster/names.ts";

/** What lies on the stream. */
export interface Lying {
  subject: string;
  sequence: number;
  body: Uint8Array;
}

/** Reads what lies on the stream now; nothing when there is no stream. */
export async function readStream(url: string, filter: string): Promise<Lying[]> {
  const connection = await connect({ servers: url.split(","), user: "core", pass: "of-cores" });
  try {
    const found: Lying[] = [];
    const consumer = await jetstream(connection).consumers.get(STREAM, { filter_subjects: filter });
    let { num_pending: left } = await consumer.info();
    for (; left > 0; left--) {
      const message = await consumer.next({ expires: 5000 });
      if (!message) break;
      found.push({ subject: message.subject, sequence: message.seq, body: message.data });
    }
    return found;
  } finally {
    await connection.close();
  }
}

export function toSeen({ subject, body }: Lying): SeenEntry {
  const place = placeOf(subject);
  if (!place || place.kind === "tick") throw new Error(`"${subject}" is no place of an observation`);
  return readSeen(body, place);
}
