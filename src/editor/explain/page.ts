import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

export function pageFolder(extension: Uri): Uri {
  return Uri.joinPath(extension, 'dist', 'explain');
}

/**
 * An empty page: all content arrives as messages and is set as text. The content security policy allows only its
 * own two files, so that even a bug in them could not load or run foreign code.
 */
export function pageHtml(webview: Webview, extension: Uri, language: string): string {
  const nonce = randomBytes(18).toString('base64url');
  const file = (name: string) => webview.asWebviewUri(Uri.joinPath(pageFolder(extension), name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${language.replace(/[^\w-]/g, '')}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('page.css')}">
<title>Lock Status</title>
</head>
<body>
<main id="page" tabindex="-1">
<header><p class="file"></p><p class="where"></p></header>
<section class="verdict" role="status"><h1></h1><p></p></section>
</main>
<script nonce="${nonce}" src="${file('page.js')}"></script>
</body>
</html>`;
}
