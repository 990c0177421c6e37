// A browser tab, controlled by pointer, touch and keyboard events.
import { setTimeout as sleep } from "node:timers/promises";

const LIMIT = 30_000;
/** Matches the errors of `evaluate` during a navigation. */
const BETWEEN_PAGES = /context|navigat|uniqueContextId|Inspected target/i;

export class Tab {
  #session;
  #loads = 0;

  /** Problems on the pages: exceptions, dialogs, and loads that the browser blocked. */
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

  /** Opens a URL and waits until the page is loaded. */
  open(url) {
    return this.#load(async () => {
      const { errorText } = await this.#session.send("Page.navigate", { url });
      if (errorText) throw new Error(`${url}: ${errorText}`);
    });
  }

  /** Shows the tab in front of the other tabs: a browser delays the input of a hidden one. */
  show() {
    return this.#session.send("Page.bringToFront");
  }

  /** Clicks the element that a selector, or a function that runs in the page, finds. */
  async click(find, ...args) {
    const { x, y } = await this.#place(find, args);
    for (const type of ["mouseMoved", "mousePressed", "mouseReleased"])
      await this.#session.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
  }

  /** Clicks a link and waits until the next page is loaded. */
  follow(find, ...args) {
    return this.#load(() => this.click(find, ...args));
  }

  /** As `follow`, with a touch. */
  tap(find, ...args) {
    return this.#load(async () => {
      const point = await this.#place(find, args);
      await this.#session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
      await this.#session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    });
  }

  /** Types text into an empty field. */
  async type(selector, text) {
    await this.click(selector);
    await this.#session.send("Input.insertText", { text });
  }

  /** Calls a function in the page, and returns its result. */
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

  /** Calls a function in the page until its result is truthy, and returns the result. */
  until(ask, ...args) {
    return eventually(`${ask}`, () => this.evaluate(ask, ...args).catch(betweenPages));
  }

  /** Records forms that pages post from now on. Returns a function that lists each URL and the headers sent to it. */
  async posts() {
    const [posts, headersOf] = [[], new Map()];
    this.#session.on("Network.requestWillBeSent", ({ requestId, request: { method, url } }) => {
      if (method === "POST") posts.push({ requestId, url });
    });
    // A redirect has the same id as the request that it answers.
    this.#session.on("Network.requestWillBeSentExtraInfo", ({ requestId, headers }) => {
      if (!headersOf.has(requestId)) headersOf.set(requestId, headers);
    });
    await this.#session.send("Network.enable");
    return () => posts.map(({ requestId, url }) => ({ url, headers: headersOf.get(requestId) }));
  }

  /** Emulates a phone's screen, in CSS pixels, and its touch input. */
  async becomePhone({ width, height, density }) {
    await this.#session.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: density,
      mobile: true,
    });
    await this.#session.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  }

  /** Sets the preferred colour scheme: `light` or `dark`. */
  prefer(scheme) {
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    return this.#session.send("Emulation.setEmulatedMedia", { features });
  }

  /**
   * Connects an authenticator of passkeys, whose user is present and verified, to the tab. Returns functions: `credentials`
   * lists what it holds, `verifies` sets whether it verifies its user, and `remove` disconnects it.
   */
  async addAuthenticator(options = {}) {
    const all = {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    };
    await this.#session.send("WebAuthn.enable");
    const { authenticatorId } = await this.#session.send("WebAuthn.addVirtualAuthenticator", { options: all });
    const send = (method, params) => this.#session.send(`WebAuthn.${method}`, { authenticatorId, ...params });
    return {
      credentials: async () => (await send("getCredentials")).credentials,
      verifies: (isUserVerified) => send("setUserVerified", { isUserVerified }),
      remove: () => send("removeVirtualAuthenticator"),
    };
  }

  /** A screenshot of the whole page, as the bytes of a PNG. */
  async picture() {
    const { data } = await this.#session.send("Page.captureScreenshot", { captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  }

  async #load(act) {
    const before = this.#loads;
    await act();
    await eventually("the next page is loaded", () => this.#loads > before);
  }

  /** Scrolls the element into view, and returns its centre once nothing covers it. */
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
    if (Date.now() > deadline) throw new Error(`timed out waiting for: ${what}`);
    await sleep(25);
  }
}
