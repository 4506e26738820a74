// Where photos come from beside files: the clipboard, the camera, an address.
import { setState } from '../store.js';
import { addFiles } from './photos.js';
import { tellError } from './notices.js';

/** Takes what is dragged or pasted: files, or the address of a picture. */
export function addTransfer(transfer) {
  const { files } = transfer;
  if (files.length > 0) return addFiles(files);
  const text = transfer.getData('text/uri-list') || transfer.getData('text/plain');
  const [address] = text.trim().split(/\s/);
  // Nothing else: what was copied may be a password, which no name server need learn.
  return /^https?:\/\//i.test(address) ? addAddress(address) : undefined;
}

/** Asks the browser for the clipboard: for those who have no paste key. */
export async function addClipboard() {
  let items;
  try {
    items = await navigator.clipboard.read();
  } catch {
    return tellError({ code: 'clipboard-refused' });
  }
  const files = [];
  for (const item of items) {
    const type = item.types.find((name) => name.startsWith('image/'));
    if (type) files.push(new File([await item.getType(type)], 'clipboard', { type }));
  }
  if (files.length === 0) return tellError({ code: 'clipboard-without-picture' });
  await addFiles(files);
}

/**
 * Fetches a picture from an address.
 *
 * @param {string} text as it was typed
 * @returns {Promise<boolean>} whether a picture came
 */
export async function addAddress(text) {
  const error = (code, more) => {
    tellError({ code, address: text, ...more });
    return false;
  };
  let url;
  try {
    url = new URL(/^[a-z]+:/i.test(text) ? text : `https://${text}`);
  } catch {
    return error('address-invalid');
  }
  const { host, protocol } = url;
  if (!['http:', 'https:', 'data:', 'blob:'].includes(protocol)) return error('address-invalid');
  setState({ reading: { done: 0, total: 1 } });
  try {
    const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!response.ok) return error('address-status', { host, status: response.status });
    const blob = await response.blob();
    const name = url.pathname.split('/').pop() || host;
    await addFiles([new File([blob], name, { type: blob.type })]);
    return true;
  } catch {
    return error(navigator.onLine ? 'address-refused' : 'offline', { host });
  } finally {
    setState({ reading: null });
  }
}

/**
 * @returns {Promise<MediaStream | null>} null where there is none, which is told
 */
export async function openCamera() {
  if (!navigator.mediaDevices) return tellError({ code: 'camera-missing' }) ?? null;
  try {
    // Telephones: the camera that looks away from the person.
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch (error) {
    const codes = { NotAllowedError: 'camera-denied', NotReadableError: 'camera-busy' };
    tellError({ code: codes[error.name] ?? 'camera-missing' });
    return null;
  }
}

/** @param {HTMLVideoElement} video its present frame becomes a photo */
export async function addFrame(video) {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d').drawImage(video, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95));
  await addFiles([new File([blob], 'camera', { type: blob.type })]);
}
