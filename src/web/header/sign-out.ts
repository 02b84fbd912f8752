import type { Live } from "../live/live.ts";
import { mayLeave } from "../ui/url-state.ts";

/** Signs out, unless there is something on the page that is not saved, and who is asked would rather stay. */
export async function signOutUnlessUnsaved(live: Pick<Live, "signOut">): Promise<void> {
  if (mayLeave()) await live.signOut();
}
