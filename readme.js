// Writes dist/README.md: the README as VS Code's details page can show it. That page takes pictures from the web alone,
// neither from the extension's folder nor from `data:`, and opens no link into that folder. So a picture becomes its
// description, and a link to a file its text.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const isFile = (target) => !/^(#|[a-z]+:)/i.test(target);

/** @param {string} readme */
function detailsPage(readme) {
  return readme.replace(/(!?)\[((?:[^\]\\]|\\.)*)\]\(([^)\s]+)\)/g, (whole, picture, text, target) => {
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
