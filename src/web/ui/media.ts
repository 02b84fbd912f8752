import { type Accessor, createSignal, onCleanup } from "solid-js";

/** Windows as narrow as that are held in a hand; the styles have the same. */
export const PHONE = "(max-width: 699px)";

/** Whether a media query holds, as it changes. */
export function createMedia(query: string): Accessor<boolean> {
  const media = matchMedia(query);
  const [matches, setMatches] = createSignal(media.matches);
  const listen = () => setMatches(media.matches);
  media.addEventListener("change", listen);
  onCleanup(() => media.removeEventListener("change", listen));
  return matches;
}
