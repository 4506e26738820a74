// Arithmetic over the small arrays that come from the network.

/** @returns {Float32Array} zeros but for a 1 */
export function oneHot(count, index) {
  const numbers = new Float32Array(count);
  numbers[index] = 1;
  return numbers;
}

/** @param {Float32Array | number[]} logits */
export function softmax(logits) {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** Grad-CAM (Selvaraju et al. 2017): maps weighted by their mean gradient, above 0. */
export function gradCam(values, gradient, units) {
  const positions = values.length / units;
  const weights = new Float32Array(units);
  gradient.forEach((g, index) => (weights[index % units] += g / positions));
  const map = new Float32Array(positions);
  values.forEach((value, index) => (map[Math.floor(index / units)] += value * weights[index % units]));
  return { map: map.map((sum) => Math.max(sum, 0)), weights };
}

/** One step of ascent: `rate` along the gradient of unit RMS, then a share of x less. */
export function ascend(x, gradient, rate, decay) {
  const rms = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0) / gradient.length) || 1;
  return x.map((value, index) => (1 - decay) * (value + (rate * gradient[index]) / rms));
}

/** Each value a quarter of the way to its neighbours, along both axes of [height, width, channels]. */
export function blurred(x, [height, width, channels]) {
  let result = x;
  for (const [stride, length] of [[channels, width], [channels * width, height]]) {
    const from = result;
    result = from.map((value, index) => {
      const at = Math.floor(index / stride) % length;
      const before = at > 0 ? from[index - stride] : value;
      const after = at < length - 1 ? from[index + stride] : value;
      return (before + 2 * value + after) / 4;
    });
  }
  return result;
}

/**
 * How a network takes colours: of each of its channels, which of red, green and
 * blue it is (-1: all), what 0 is there, and what a byte adds.
 *
 * @param {(rgba: Uint8Array, width: number, height: number) => Float32Array} normalise
 */
export function coloursOf(normalise) {
  const probe = Uint8Array.of(0, 0, 0, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255);
  const taken = normalise(probe, 4, 1);
  const count = taken.length / 4;
  return Array.from({ length: count }, (_, channel) => {
    const zero = taken[channel];
    const steps = [1, 2, 3].map((pixel) => (taken[pixel * count + channel] - zero) / 255);
    const colour = steps.findIndex((step) => step !== 0);
    return count === 1
      ? { colour: -1, zero, step: steps[0] + steps[1] + steps[2] }
      : { colour, zero, step: steps[colour] };
  });
}

/** An input as a picture. */
export function pictureOf(x, colours) {
  const rgba = new Uint8ClampedArray((x.length / colours.length) * 4).fill(255);
  x.forEach((value, index) => {
    const { colour, zero, step } = colours[index % colours.length];
    const pixel = Math.floor(index / colours.length) * 4;
    const byte = (value - zero) / step;
    if (colour < 0) rgba.fill(byte, pixel, pixel + 3);
    else rgba[pixel + colour] = byte;
  });
  return new Uint8Array(rgba.buffer);
}

/** A part of a square picture of `side`, mirrored or not. */
export function cut(rgba, side, { left, top, mirror }, width, height) {
  const part = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = ((top + y) * side + left + (mirror ? width - 1 - x : x)) * 4;
      part.set(rgba.subarray(from, from + 4), (y * width + x) * 4);
    }
  }
  return part;
}
