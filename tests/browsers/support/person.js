// What a person does on the page and sees there, in any browser.

/**
 * A browser with one window, which is a driver's matter.
 *
 * @typedef {object} Browser
 * @property {string} version  name and version
 * @property {string[]} uncaught  errors that nobody caught, where the driver is told of them
 * @property {(address: string) => Promise<void>} goto  resolves once the page is loaded
 * @property {(work: Function, ...given: unknown[]) => Promise<any>} evaluate  runs in the page, alone:
 *   what it uses is given; resolves with what its promise resolves with, as JSON
 * @property {(find: Function, ...given: unknown[]) => Promise<void>} click  the mouse presses the
 *   element that `find` returns
 * @property {(width: number, height: number) => Promise<void>} resize  of the window's content
 * @property {(path: string) => Promise<void>} screenshot  as PNG
 * @property {() => Promise<void>} close  the browser, and what was kept for it
 */

/** Milliseconds in which anything should have happened; other work may use the same cores. */
const PATIENCE = 120_000;

/**
 * Runs in the page: elements that can be seen, through all shadow roots, in the order of the page.
 *
 * @param {string} path   selectors, each within what the one before has found: `map-mosaic >> canvas`
 * @param {string | null} name  an expression that all of the text, or the label, matches
 * @param {'element' | 'texts' | 'press' | 'pixels'} wanted
 */
function look(path, name, wanted) {
  const within = (root) => {
    const children = [...root.children, ...(root.shadowRoot?.children ?? [])];
    return children.flatMap((element) => [element, ...within(element)]);
  };
  const text = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    if (node.localName === 'style') return '';
    const nodes = node.localName === 'slot' ? node.assignedNodes() : (node.shadowRoot ?? node).childNodes;
    return [...nodes].map(text).join(' ');
  };
  const tidy = (words) => words.replace(/\s+/g, ' ').trim();
  const named = (element) => {
    const names = [element.getAttribute('aria-label') ?? '', text(element)];
    return name === null || names.some((each) => new RegExp(name, 'u').test(tidy(each)));
  };
  let found = [document];
  for (const selector of path.split(' >> ')) {
    const all = found.flatMap(within);
    found = [...new Set(all)].filter((element) => element.matches(selector));
  }
  found = found.filter((element) => element.checkVisibility() && named(element));
  if (wanted === 'texts') return found.map((element) => tidy(text(element)));
  if (wanted === 'element') return found[0];
  if (wanted === 'press') return found.length > 0 && !found[0].disabled;
  // How many colours a canvas shows.
  const [canvas] = found;
  if (!canvas?.width || !canvas.height) return 0;
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}

const exactly = (name) => `^${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`;
/** A text is the whole name; an expression finds it anywhere. */
const expression = (name) => (name instanceof RegExp ? name.source : name && exactly(name));

export class Person {
  /** @param {Browser} browser @param {string} site address of the page, with its last slash */
  constructor(browser, site) {
    this.browser = browser;
    this.site = site;
  }

  /** Opens the page. @param {string} address behind the site */
  open(address) {
    return this.browser.goto(this.site + address);
  }

  /** Presses the first element of this name, once it can be pressed. */
  async press(name, path = 'button') {
    await this.#until(() => this.#look(path, name, 'press'), () => `${path} ${name} to press`);
    await this.browser.click(look, path, expression(name), 'element');
  }

  /**
   * Waits until an element of this text or label is seen.
   *
   * @param {string} path @param {string | RegExp | null} [name]
   * @param {number} [count] at least so many of them
   * @returns {Promise<string[]>} their texts
   */
  async sees(path, name = null, count = 1) {
    let texts = [];
    const enough = async () => (texts = await this.#look(path, name, 'texts')).length >= count;
    await this.#until(enough, () => `${path} ${name ?? ''}`);
    return texts;
  }

  /** The texts of what is seen now. @returns {Promise<string[]>} */
  reads(path, name = null) {
    return this.#look(path, name, 'texts');
  }

  /** Waits until a canvas shows at least so many colours. */
  async seesPicture(path, colours) {
    let seen = 0;
    const enough = async () => (seen = await this.#look(path, null, 'pixels')) >= colours;
    await this.#until(enough, () => `${path} in ${colours} colours, not ${seen}`);
  }

  /** Drops a file on the page. @param {{ name: string, type: string, bytes: Buffer }} file */
  drop({ name, type, bytes }) {
    const dropFile = async (given, label, kind) => {
      const letters = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([letters], label, { type: kind }));
      for (const event of ['dragover', 'drop']) {
        const options = { dataTransfer, bubbles: true, cancelable: true, composed: true };
        document.body.dispatchEvent(new DragEvent(event, options));
      }
    };
    return this.browser.evaluate(dropFile, bytes.toString('base64'), name, type);
  }

  #look(path, name, wanted) {
    return this.browser.evaluate(look, path, expression(name), wanted);
  }

  async #until(isSo, what) {
    const end = Date.now() + PATIENCE;
    while (!(await isSo())) {
      if (Date.now() > end) {
        const messages = await this.reads('notice-list >> li');
        throw new Error(`not seen: ${what()}; messages: ${messages.join('; ') || 'none'}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
