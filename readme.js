// Writes dist/README.md: the README as VS Code's details page can show it. That page takes pictures from the web alone,
// neither from the extension's folder nor from `data:`, and opens no link into that folder. So a picture becomes the
// sketch in text that follows it in the README, a link to a file its text, and what needs the source folder is left out.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const sourceFolder = /<!-- Only in the source folder: -->\n\n[^]*?<!-- End\. -->\n+/g;
const sketched = /!\[[^\]]*\]\([^)\s]+\)\n\n<!-- Without pictures:\n([^]*?)-->/g;

const isFile = (target) => !/^(#|[a-z]+:)/i.test(target);

/** @param {string} readme */
function detailsPage(readme) {
  return readme
    .replace(sourceFolder, '')
    .replace(sketched, (whole, sketch) => '```text\n' + sketch + '```')
    .replace(/(!?)\[((?:[^\]\\]|\\.)*)\]\(([^)\s]+)\)/g, (whole, picture, text, target) => {
      if (!isFile(target)) return whole;
      return picture === '' ? text : `> ${text}`;
    });
}

/** @param {string} root the folder of the extension */
function writeDetailsPage(root) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/README.md'), detailsPage(readFileSync(join(root, 'README.md'), 'utf8')));
}

module.exports = { detailsPage, writeDetailsPage };

if (require.main === module) writeDetailsPage(__dirname);
