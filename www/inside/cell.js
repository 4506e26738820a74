// A value and what made it, out of the numbers that come from Rust
// (src/web/inspect.rs says which is which).

const area = ([top, left, bottom, right]) => ({ top, left, bottom, right });

/**
 * @param {import('../engine.js').LayerInfo} layer
 * @param {[number, number, number]} position
 * @param {Float64Array} numbers
 * @returns {import('../engine.js').Cell}
 */
export function cellOf({ name, kind, inputs }, position, numbers) {
  const [value, sum, bias, input] = numbers;
  const [down, right, firstChannel, channels, winner, divisor] = numbers.subarray(12);
  const field = area(numbers.subarray(4));
  const window = area(numbers.subarray(8));
  const norm = [...numbers.subarray(18, 22)];
  const rest = numbers.subarray(22);
  // The weights, where there are any, are as many as the inputs.
  const weighted = kind === 'conv2d' || kind === 'linear';
  const count = weighted ? rest.length / 2 : rest.length;
  return {
    layer: name,
    kind,
    position,
    value,
    field: field.bottom < 0 ? null : field,
    inputs,
    input,
    window,
    dilation: [down, right],
    firstChannel,
    channels,
    x: rest.slice(0, count),
    weight: rest.slice(count),
    bias,
    sum,
    winner: winner < 0 ? null : winner,
    divisor: divisor || null,
    norm: norm[0] ? norm : null,
  };
}
