import { type Accessor, batch, createSignal } from "solid-js";
import { readSession, type Session } from "./session.ts";

/** Who the reader is: to the page, and to the server. */
export interface Who {
  /**
   * As the page is told. One whose session has ended stays who they were until they have signed in again: what they have typed stays, too.
   * null: nothing is known yet.
   */
  session: Accessor<Session | null>;
  /** As the server said last; null: nothing yet. */
  door: Accessor<Session | null>;
  /** Whose session has ended, through somebody or something else than themselves; null: nobody's. */
  ended: Accessor<string | null>;
  /** Another number for each person: what one has typed is not shown to the next. */
  person: Accessor<number>;
  /** Asks the server; null: it cannot be reached. */
  ask(): Promise<Session | null>;
  /** Forgets who was signed in. */
  leave(): void;
  /** Takes the rights that are left without signing in. */
  goOn(): void;
}

export function createWho(read: () => Promise<Session | null> = readSession): Who {
  const [session, setSession] = createSignal<Session | null>(null);
  const [door, setDoor] = createSignal<Session | null>(null);
  const [person, setPerson] = createSignal(1);
  const become = (next: Session | null) => {
    const [before, now] = [session()?.name ?? null, next?.name ?? null];
    batch(() => {
      setSession(next);
      if (before !== null && before !== now) setPerson(count => count + 1);
    });
  };
  const ended = () => (door()?.name === null ? (session()?.name ?? null) : null);
  return {
    session,
    door,
    ended,
    person,
    async ask() {
      const said = await read();
      if (said)
        batch(() => {
          setDoor(said);
          if (ended() === null) become(said);
        });
      return said;
    },
    leave: () => become(null),
    goOn: () => become(door()),
  };
}
