/** Fetches a safetensors file of f32 tensors: name -> { shape, values }. */
export async function fetchSafetensors(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const buffer = await response.arrayBuffer();
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  return Object.fromEntries(
    Object.entries(header).map(([name, { shape, data_offsets: [start, end] }]) => [
      name,
      { shape, values: new Float32Array(buffer, 8 + length + start, (end - start) / 4) },
    ]),
  );
}
