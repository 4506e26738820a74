// Numbers as the page writes them.

/** @param {string} text such as −0.0456, 1,150 or 1.2 × 10⁻⁷ */
export function numberIn(text) {
  const [factor, power = ''] = text.replaceAll('−', '-').replaceAll(',', '').split(' × 10');
  const lowered = power.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).replace('⁻', '-');
  return Number(lowered ? `${factor}e${lowered}` : factor);
}
