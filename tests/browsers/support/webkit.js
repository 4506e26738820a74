// WebKit: WebKitGTK's MiniBrowser on a display in memory, driven over WebDriver.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How WebDriver marks an element in JSON. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/**
 * @returns {Promise<import('./person.js').Browser>} MiniBrowser with a home of its own, which is
 *   gone once it is closed
 */
export async function openWebKit() {
  const home = mkdtempSync(join(tmpdir(), 'webkit-'));
  const display = await openDisplay();
  const port = await freePort();
  const { PATH } = process.env;
  // Nothing of the person whose machine this is; a language neither, which the page must bear.
  const environment = { PATH, HOME: home, XDG_RUNTIME_DIR: home, DISPLAY: display.name, LANG: 'C.UTF-8' };
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], { env: environment, stdio: 'ignore', detached: true });
  const close = async () => {
    await end(driver);
    await end(display.process);
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    const send = await session(`http://127.0.0.1:${port}`);
    return { ...browserOf(send), close: () => send('DELETE', '').finally(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An X server whose number it chooses itself. */
async function openDisplay() {
  const process = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const [number] = await once(process.stdio[3], 'data');
  return { process, name: `:${String(number).trim()}` };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Ends a process and all that it started. */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

/** Begins a session; @returns how to send a command to it */
async function session(origin) {
  await untilListening(origin);
  const capabilities = {
    alwaysMatch: {
      'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
      timeouts: { script: 120_000, pageLoad: 120_000 },
    },
  };
  const command = async (method, path, body) => {
    const response = await fetch(origin + path, {
      method,
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const { sessionId, capabilities: found } = await command('POST', '/session', { capabilities });
  const send = (method, path, body) => command(method, `/session/${sessionId}${path}`, body);
  send.version = `WebKitGTK ${found.browserVersion}`;
  return send;
}

async function untilListening(origin) {
  for (let tries = 0; ; tries += 1) {
    try {
      await fetch(`${origin}/status`);
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Debian keeps it in a folder named after the machine and the version of the interface. */
function miniBrowser() {
  if (process.env.MINIBROWSER) return process.env.MINIBROWSER;
  for (const machine of readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'))) {
    for (const folder of readdirSync(`/usr/lib/${machine}`).filter((name) => name.startsWith('webkit')).sort().reverse()) {
      const path = `/usr/lib/${machine}/${folder}`;
      if (readdirSync(path).includes('MiniBrowser')) return `${path}/MiniBrowser`;
    }
  }
  throw new Error('MiniBrowser is missing: install webkit2gtk-driver, or set MINIBROWSER to it');
}

function browserOf(send) {
  const run = (work, given) =>
    send('POST', '/execute/sync', {
      script: `return (${work})(...arguments)`,
      args: given,
    });
  return {
    version: send.version,
    uncaught: [],
    goto: (address) => send('POST', '/url', { url: address }),
    evaluate: async (work, ...given) => {
      const { value, error } = await send('POST', '/execute/async', {
        script: `
          const done = arguments[arguments.length - 1];
          (async () => (${work})(...[...arguments].slice(0, -1)))().then(
            (value) => done({ value }),
            (error) => done({ error: String(error) }),
          );`,
        args: given,
      });
      if (error) throw new Error(error);
      return value;
    },
    async click(find, ...given) {
      const element = await run(find, given);
      await send('POST', `/element/${element[ELEMENT]}/click`);
    },
    resize: (width, height) => send('POST', '/window/rect', { width, height }),
    screenshot: async (path) => writeFileSync(path, Buffer.from(await send('GET', '/screenshot'), 'base64')),
  };
}
