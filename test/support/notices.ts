// `npm run notices`: writes ThirdPartyNotices.txt from what esbuild puts into the bundle.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundledPackages, noticesOf } from './bundled';

const file = resolve(import.meta.dirname, '../../ThirdPartyNotices.txt');

void bundledPackages().then((packages) => writeFileSync(file, noticesOf(packages)));
