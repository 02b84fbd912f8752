import type { JSX } from "solid-js";

/** A sentence with more than text in it: each `{name}` of it is the part of that name, so that every language puts it where it belongs. */
export function Said(props: { text: string; parts: Readonly<Record<string, JSX.Element>> }): JSX.Element {
  const pieces = () => {
    const { parts } = props;
    // What is between brackets comes at the odd places.
    return props.text.split(/\{(\w+)\}/).map((piece, at) => (at % 2 === 0 ? piece : parts[piece]));
  };
  return <>{pieces()}</>;
}
