import assert from "node:assert/strict";
import { ChannelFailure } from "./channel.ts";

/** For tests: why it was not sent. Fails when it was. */
export async function failureOf(sending: Promise<unknown>): Promise<ChannelFailure> {
  const error = await sending.then(
    () => assert.fail("it was sent"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ChannelFailure, String(error));
  return error;
}
