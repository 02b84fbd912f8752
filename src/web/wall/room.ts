import { type Accessor, createSignal, onCleanup } from "solid-js";

/** How large an element is, in times of the size of its text, as it changes. */
export function createRoom(): [Accessor<{ width: number; height: number }>, (element: HTMLElement) => void] {
  const [room, setRoom] = createSignal({ width: 0, height: 0 });
  const observer = new ResizeObserver(entries => {
    for (const { contentRect, target } of entries) {
      const em = Number.parseFloat(getComputedStyle(target).fontSize);
      setRoom({ width: contentRect.width / em, height: contentRect.height / em });
    }
  });
  onCleanup(() => observer.disconnect());
  return [room, element => observer.observe(element)];
}
