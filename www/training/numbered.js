// Objects of the worker under numbers: what the page can hold of them.

/** @param {string} kind for the error about a number that is not (or no longer) there */
export function numbered(kind) {
  const objects = new Map();
  let last = 0;
  const get = (id) => {
    if (objects.has(id)) return objects.get(id);
    throw { code: 'unknown', kind, name: String(id), known: [...objects.keys()].map(String) };
  };
  return {
    get,
    add(object) {
      last += 1;
      objects.set(last, object);
      return last;
    },
    /** The object, no longer kept. */
    take(id) {
      const object = get(id);
      objects.delete(id);
      return object;
    },
    entries: () => [...objects],
  };
}
