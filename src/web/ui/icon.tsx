import type { JSX } from "solid-js";

/** Drawn for a grid of 16, in lines of the text's colour. */
const PATHS = {
  node: "M2.5 3.5h11v3.6h-11zM2.5 8.9h11v3.6h-11zM5 5.3h.01M5 10.7h.01",
  vm: "M2 3h12v8H2zM6 13.5h4M8 11v2.5",
  lxc: "M8 1.8 13.8 5v6L8 14.2 2.2 11V5zM2.4 5.1 8 8.2l5.6-3.1M8 8.2v5.8",
  storage:
    "M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zM2.5 4v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14",
  up: "M8 13V3.5M4 7.5l4-4 4 4",
  down: "M8 3v9.5M4 8.5l4 4 4-4",
  chevron: "m5.5 3 5 5-5 5",
  close: "m3.5 3.5 9 9M12.5 3.5l-9 9",
  external: "M9 2.5h4.5V7M13.2 2.8 7.5 8.5M11.5 9.5v4h-9v-9h4",
  light:
    "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M3 13l1.2-1.2M11.8 4.2 13 3",
  dark: "M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z",
  system: "M2 3h12v8H2zM6 13.5h4M8 11v2.5M8 3v8M8 5h4M8 7h5M8 9h5",
  contrast: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 1.5v13M8 4h3.6M8 6.5h6M8 9h6M8 11.5h4.2",
  warning: "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6h.01",
  help: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM6 6.2a2 2 0 1 1 2.8 1.9c-.6.3-.8.6-.8 1.3M8 11.6h.01",
  table: "M2 3h12v10H2zM2 6.3h12M6.5 6.3V13",
  views: "M4 2h8v12l-4-3-4 3z",
  pen: "m3 13 .7-3L10.5 3.2l2.3 2.3L6 12.3z",
  grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  overview: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  archive: "M2 3h12v3H2zM3 6v7.5h10V6M6.5 8.8h3",
  more: "M2.5 4h11M2.5 8h11M2.5 12h11",
  check: "m3 8.5 3.2 3.2L13 4.8",
  reset: "M3 7a5.2 5.2 0 1 1 .9 4.2M3 3v4h4",
  lock: "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  history: "M2.5 8a5.5 5.5 0 1 1 1.7 4M2.5 13v-3.2h3.2M8 5v3.2l2.2 1.3",
  bell: "M8 2a4 4 0 0 0-4 4c0 4-1.5 5-1.5 5h11S12 10 12 6a4 4 0 0 0-4-4zM6.8 13.5a1.4 1.4 0 0 0 2.4 0",
  clock: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 4.5V8l2.4 1.6",
} as const;
export type IconName = keyof typeof PATHS;

/** An icon beside a text that says the same; it means nothing to a screen reader. */
export function Icon(props: { name: IconName; class?: string | undefined }): JSX.Element {
  return (
    <svg class={`icon ${props.class ?? ""}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
