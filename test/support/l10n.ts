// `npm run l10n`: writes the texts of the sources where translators find them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { l10nBundle } from './sources';

const folder = resolve(import.meta.dirname, '../../l10n');

mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/bundle.l10n.json`, `${JSON.stringify(l10nBundle(), null, 2)}\n`);
