// What a person does on the classify page, and what they read there.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const EN = messages('en');
export const ZH = messages('zh');

function messages(language) {
  const file = new URL(`../../../www/i18n/${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(fileURLToPath(file), 'utf8'));
}

/** The five answers, best first, in either language. */
export const answers = (page) =>
  page
    .getByRole('list', { name: new RegExp(`^(${EN['answer.list']}|${ZH['answer.list']})$`) })
    .getByRole('listitem');

/** The messages of the page: errors and news. */
export const notices = (page) =>
  page
    .getByRole('list', { name: new RegExp(`^(${EN['notice.list']}|${ZH['notice.list']})$`) })
    .getByRole('listitem');

/** A sample photograph as a file that a person has. */
export function samplePhoto(file, name = file) {
  const path = fileURLToPath(new URL(`../../../www/samples/${file}`, import.meta.url));
  const type = file.split('.').pop().replace('jpg', 'jpeg');
  return { name, mimeType: `image/${type}`, buffer: readFileSync(path) };
}

/** Chooses files by the first button for them. */
export async function choose(page, files) {
  const choosing = page.waitForEvent('filechooser');
  await page
    .getByRole('button', { name: new RegExp(`^(${EN['source.file']}|${ZH['source.file']})$`) })
    .click();
  await (await choosing).setFiles(files);
}

/** Drops files on the page. */
export async function drop(page, files) {
  const sent = files.map(({ buffer, ...file }) => ({ ...file, base64: buffer.toString('base64') }));
  const dataTransfer = await page.evaluateHandle(async (all) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType: type, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, sent);
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}
