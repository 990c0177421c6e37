// A tab of the browser, used as a person uses it: with a pointer, a finger and a keyboard.
import { setTimeout as sleep } from "node:timers/promises";

const LIMIT = 30_000;
/** What a question is answered with while one page gives way to the next. */
const BETWEEN_PAGES = /context|navigat|uniqueContextId|Inspected target/i;

export class Tab {
  #session;
  #loads = 0;

  /** What went wrong on the pages: exceptions, dialogs, and what the browser refused to load. */
  troubles = [];

  static async over(session) {
    const tab = new Tab();
    tab.#session = session;
    session.on("Page.loadEventFired", () => (tab.#loads += 1));
    session.on("Page.javascriptDialogOpening", ({ message }) => {
      tab.troubles.push(`dialog: ${message}`);
      return session.send("Page.handleJavaScriptDialog", { accept: false });
    });
    session.on("Runtime.exceptionThrown", ({ exceptionDetails: { text, exception } }) =>
      tab.troubles.push(exception?.description ?? text),
    );
    session.on("Log.entryAdded", ({ entry }) => {
      if (entry.source === "security") tab.troubles.push(entry.text);
    });
    for (const domain of ["Page", "Runtime", "Log"]) await session.send(`${domain}.enable`);
    return tab;
  }

  /** Opens an address and waits until its page is there. */
  open(url) {
    return this.#load(async () => {
      const { errorText } = await this.#session.send("Page.navigate", { url });
      if (errorText) throw new Error(`${url}: ${errorText}`);
    });
  }

  /** Clicks what the selector, or the function in the page, finds. */
  async click(find, ...args) {
    const { x, y } = await this.#place(find, args);
    for (const type of ["mouseMoved", "mousePressed", "mouseReleased"])
      await this.#session.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
  }

  /** Clicks a link and waits until the page that it leads to is there. */
  follow(find, ...args) {
    return this.#load(() => this.click(find, ...args));
  }

  /** As `follow`, with a finger. */
  tap(find, ...args) {
    return this.#load(async () => {
      const point = await this.#place(find, args);
      await this.#session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
      await this.#session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    });
  }

  /** Types a text into an empty field. */
  async type(selector, text) {
    await this.click(selector);
    await this.#session.send("Input.insertText", { text });
  }

  /** What a function gives when it is called in the page. */
  async evaluate(act, ...args) {
    const list = args.map((value) => JSON.stringify(value)).join(", ");
    const { result, exceptionDetails } = await this.#session.send("Runtime.evaluate", {
      expression: `(${act})(${list})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until a function gives something true in the page, and gives that. */
  until(ask, ...args) {
    return eventually(`${ask}`, () => this.evaluate(ask, ...args).catch(betweenPages));
  }

  /** Has the tab look and feel like a phone's, with points of CSS as its measure. */
  async becomePhone({ width, height, density }) {
    await this.#session.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: density,
      mobile: true,
    });
    await this.#session.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  }

  /** Says which colours the person likes: `light` or `dark`. */
  prefer(scheme) {
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    return this.#session.send("Emulation.setEmulatedMedia", { features });
  }

  /** A picture of the whole page, as the bytes of a PNG. */
  async picture() {
    const { data } = await this.#session.send("Page.captureScreenshot", { captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  }

  async #load(act) {
    const before = this.#loads;
    await act();
    await eventually("a page is loaded", () => this.#loads > before);
  }

  /** The middle of what is found, scrolled into view. */
  async #place(find, args) {
    const found = typeof find === "string" ? `() => document.querySelector(${JSON.stringify(find)})` : find;
    const rectangle = await this.until(`(...args) => {
      const element = (${found})(...args);
      if (!element) return null;
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const { x, y, width, height } = element.getBoundingClientRect();
      const middle = { x: x + width / 2, y: y + height / 2 };
      const top = document.elementFromPoint(middle.x, middle.y);
      return element.contains(top) ? middle : null;
    }`, ...args);
    return rectangle;
  }
}

function betweenPages(error) {
  if (BETWEEN_PAGES.test(error.message)) return null;
  throw error;
}

async function eventually(what, ask) {
  const deadline = Date.now() + LIMIT;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`this did not come true in time: ${what}`);
    await sleep(25);
  }
}
