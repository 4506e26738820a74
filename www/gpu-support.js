// Why this browser, at this address, has no WebGPU. The secure origin comes
// first: without it even the newest browser hides its GPU.

// The first version that has WebGPU switched on, by browser and system
// (github.com/gpuweb/gpuweb/wiki/Implementation-Status).
const FIRST_VERSIONS = {
  Edge: { Windows: 113, macOS: 113, Linux: 144, Android: 121 },
  Chrome: { Windows: 113, macOS: 113, ChromeOS: 113, Linux: 144, Android: 121 },
  Firefox: { Windows: 141, macOS: 145 },
  Safari: { macOS: 26, iOS: 26 },
};

/** @returns {import('./store.js').PageError | null} null where WebGPU is offered */
export function webgpuProblem() {
  if (!window.isSecureContext) return { code: 'insecure-origin', origin: location.origin };
  if (navigator.gpu) return null;
  const { browser, version, system } = browserOf(navigator.userAgent);
  const first = FIRST_VERSIONS[browser]?.[system];
  const hasIt = first !== undefined && version >= first;
  const code = hasIt ? 'webgpu-disabled' : 'browser-without-webgpu';
  return { code, known: browser ? 'yes' : 'no', browser, version, system };
}

/** @param {string} agent the user agent string */
export function browserOf(agent) {
  const system =
    (/iPhone|iPad/.test(agent) && 'iOS') ||
    (/Android/.test(agent) && 'Android') ||
    (/CrOS/.test(agent) && 'ChromeOS') ||
    (/Windows/.test(agent) && 'Windows') ||
    (/Macintosh/.test(agent) && 'macOS') ||
    'Linux';
  // Edge also calls itself Chrome, and Chrome also Safari: the order matters.
  for (const [browser, pattern] of [
    ['Edge', /Edg\w*\/(\d+)/],
    ['Firefox', /(?:Firefox|FxiOS)\/(\d+)/],
    ['Chrome', /(?:Chrome|CriOS)\/(\d+)/],
    ['Safari', /Version\/(\d+).*Safari/],
  ]) {
    const match = agent.match(pattern);
    if (match) return { browser, version: Number(match[1]), system };
  }
  return { browser: '', version: 0, system };
}
