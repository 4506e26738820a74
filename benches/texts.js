// What the built page says in English, to find things on it by.

import { readFileSync } from 'node:fs';

export const EN = JSON.parse(readFileSync(new URL('../www/i18n/en.json', import.meta.url)));
