import { For, type JSX, Show } from "solid-js";
import type { Percent } from "../../kit/units.ts";
import { formatPercent } from "../format/format.ts";
import { t } from "../words/words.ts";
import type { Look, NodeTile } from "./estate.ts";
import { createRoom } from "./room.ts";
import { pageOf, tilingOf } from "./tiling.ts";
import { Turns } from "./turns.tsx";

/** Of a tile with its gap, in times of the size of the text. */
const LEAST = { width: 10, height: 6.6 };
const MOST = 2;
/** What of a tile is not for its guests, and the width of a guest's square with its gap; `wall.css` has the same. */
const FRAME = { width: 1.3, height: 5.4 };
const GAP = 0.5;
const SQUARE = 0.75;

/** All nodes, as large as there is room for; by turns where not all fit. */
export function NodeGrid(props: { tiles: readonly NodeTile[]; turn: number }): JSX.Element {
  const [room, measure] = createRoom();
  const tiling = () => tilingOf(props.tiles.length, room(), LEAST, MOST);
  /** How many guests' squares fit into a tile. */
  const squares = () => {
    const { columns, rows, scale } = tiling();
    const [width, height] = [(room().width + GAP) / columns - GAP, (room().height + GAP) / rows - GAP];
    const count = (length: number) => Math.max(0, Math.floor((length + 0.15) / SQUARE));
    return count(width / scale - FRAME.width) * count(height / scale - FRAME.height);
  };
  const page = () => pageOf(props.tiles, tiling().columns * tiling().rows, props.turn);
  return (
    <section class="wall-nodes" aria-label={t("Nodes")}>
      <ul
        ref={measure}
        style={{
          "grid-template-columns": `repeat(${tiling().columns}, minmax(0, 1fr))`,
          "grid-template-rows": `repeat(${tiling().rows}, minmax(0, 1fr))`,
        }}
      >
        <For each={page().shown.map(({ id }) => id)}>
          {id => (
            <Show when={props.tiles.find(tile => tile.id === id)}>
              {tile => <Tile tile={tile()} scale={tiling().scale} squares={squares()} />}
            </Show>
          )}
        </For>
      </ul>
      <Turns page={page().page} pages={page().pages} />
    </section>
  );
}

const SAYS: { readonly [L in Look]: string } = {
  down: t("offline"),
  critical: t("critical"),
  warning: t("warning"),
  old: t("old numbers"),
  well: "",
  off: "",
};

/** As many squares as a number of those that are left out is wide. */
const REST = 4;

function Tile(props: { tile: NodeTile; scale: number; squares: number }): JSX.Element {
  const shown = () => (props.tile.guests.length <= props.squares ? props.squares : Math.max(0, props.squares - REST));
  return (
    <li class={`wall-tile ${props.tile.look}`} style={{ "font-size": `${props.scale}em` }}>
      <p class="wall-tile-name">
        <strong>{props.tile.name}</strong>
        <Show
          when={SAYS[props.tile.look]}
          fallback={
            <span class="wall-tile-guests">
              {t("{running}/{guests}", { running: props.tile.running, guests: props.tile.guests.length })}
            </span>
          }
        >
          {says => <span class="wall-tile-says">{says()}</span>}
        </Show>
      </p>
      <Bar name={t("CPU")} percent={props.tile.cpu} />
      <Bar name={t("Mem")} percent={props.tile.memory} />
      <div class="wall-guests" aria-hidden="true">
        <For each={props.tile.guests.slice(0, shown())}>{({ look }) => <i class={look} />}</For>
        <Show when={shown() > 0 && props.tile.guests.length > shown()}>
          <b>+{props.tile.guests.length - shown()}</b>
        </Show>
      </div>
    </li>
  );
}

function Bar(props: { name: string; percent: Percent | null }): JSX.Element {
  return (
    <p class="wall-bar">
      <span>{props.name}</span>
      <span class="wall-bar-track">
        <i style={{ width: `${Math.min(100, props.percent ?? 0)}%` }} />
      </span>
      <span class="wall-bar-value">{formatPercent(props.percent === null ? null : Math.round(props.percent))}</span>
    </p>
  );
}
