// Files of the page itself, fetched when they are needed.

/**
 * @param {string} url
 * @param {string} name what the visitor knows it by
 * @returns {Promise<Response>} a good one
 * @throws `download-status`, or the browser's own error where there is no connection
 */
export async function fetchFile(url, name = url) {
  const response = await fetch(url);
  if (response.ok) return response;
  throw { code: 'download-status', host: location.host, name, status: response.status };
}
