import type { Browser, CDPSession, Page } from "playwright-core";
import type { Bytes, Millis } from "../../kit/units.ts";

/** Who opens the page: at a desk, or with a telephone, whose processor is a quarter as fast. */
export interface Device {
  name: string;
  width: number;
  height: number;
  /** So many times slower than this machine. */
  slower: number;
}
export const DESK: Device = { name: "desk", width: 1440, height: 900, slower: 1 };
export const PHONE: Device = { name: "phone", width: 390, height: 844, slower: 4 };

/** What the page has noted about itself since it was opened or last asked to forget. Times: ms since the navigation. */
interface Noted {
  /** Tasks of more than 50 ms. */
  long: Millis[];
  /** From a key or click until the next frame: as INP counts, so none below 16 ms. */
  events: Millis[];
  /** When the first guest and the verdict were painted; absent: not yet. */
  painted: { guest?: Millis; verdict?: Millis };
  /** Messages of the live stream, and their characters. */
  frames: number;
  characters: number;
}

/** What a page has cost so far. */
export interface Cost {
  /** Seconds that the main thread was busy, and those of it with JavaScript, style and layout. */
  busy: number;
  script: number;
  style: number;
  layout: number;
  heap: Bytes;
  /** DOM nodes and listeners, also those that only the garbage collector will find. */
  nodes: number;
  listeners: number;
}

/** Runs in the page before anything of it. */
const NOTE = `{
  const noted = globalThis.noted = { long: [], events: [], painted: {}, frames: 0, characters: 0 };
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) noted.long.push(duration);
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver(list => {
    for (const { duration, interactionId } of list.getEntries()) if (interactionId) noted.events.push(duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  const Native = WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        noted.frames += 1;
        noted.characters += data.length;
      });
    }
  };
  const wanted = { guest: ".guests .row.guest", verdict: ".verdict-text" };
  noted.whole = new Promise(resolve => {
    const watch = new MutationObserver(() => {
      for (const [name, selector] of Object.entries(wanted)) {
        if (!document.querySelector(selector)) continue;
        delete wanted[name];
        requestAnimationFrame(() => setTimeout(() => {
          noted.painted[name] = performance.now();
          if (Object.keys(noted.painted).length === 2) resolve();
        }));
      }
      if (Object.keys(wanted).length === 0) watch.disconnect();
    });
    watch.observe(document, { childList: true, subtree: true });
  });
}`;

/** A page in a browser profile of its own, so that nothing is cached, that notes what it costs. */
export class WatchedPage implements AsyncDisposable {
  readonly page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  /** `language`: of the reader's browser. */
  static async open(browser: Browser, url: string, device: Device, language = "en"): Promise<WatchedPage> {
    const { width, height, slower } = device;
    const page = await browser.newPage({ viewport: { width, height }, locale: language });
    page.setDefaultTimeout(60_000);
    await page.addInitScript(NOTE);
    const session = await page.context().newCDPSession(page);
    // Of its thread, not of the clock: what else runs on the machine does not count.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    if (slower > 1) await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
    await page.goto(url, { waitUntil: "commit" });
    await page.evaluate("noted.whole");
    return new WatchedPage(page, session);
  }

  noted(): Promise<Noted> {
    return this.page.evaluate<Noted>("noted");
  }

  forget(): Promise<void> {
    return this.page.evaluate("void Object.assign(noted, { long: [], events: [], frames: 0, characters: 0 })");
  }

  async cost(): Promise<Cost> {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    const of = (name: string) => metrics.find(metric => metric.name === name)?.value ?? Number.NaN;
    return {
      busy: of("TaskDuration"),
      script: of("ScriptDuration"),
      style: of("RecalcStyleDuration"),
      layout: of("LayoutDuration"),
      heap: of("JSHeapUsedSize"),
      nodes: of("Nodes"),
      listeners: of("JSEventListeners"),
    };
  }

  /** After everything that nobody holds was collected. */
  async costOfKept(): Promise<Cost> {
    // What finalizers let go of is collected in the second go.
    for (let time = 0; time < 2; time++) await this.#session.send("HeapProfiler.collectGarbage");
    return this.cost();
  }

  /** Nodes that are in no document any more and are still held by something. */
  async detachedNodes(): Promise<number> {
    const { detachedNodes } = await this.#session.send("DOM.getDetachedDomNodes");
    return detachedNodes.length;
  }

  /** Says that nobody sees the page, or somebody does again: a browser without windows shows all of them. */
  show(isVisible: boolean): Promise<void> {
    const state = isVisible ? "visible" : "hidden";
    return this.page.evaluate(`{
      Object.defineProperty(document, "visibilityState", { configurable: true, value: "${state}" });
      Object.defineProperty(document, "hidden", { configurable: true, value: ${!isVisible} });
      document.dispatchEvent(new Event("visibilitychange"));
    }`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}
