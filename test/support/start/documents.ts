// The folder that the demonstration opens: a small website with the papers around it.
import type { LockServer } from '../servers/server';

export const documents: Readonly<Record<string, string>> = {
  'index.html': `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Harbour Street Bakery</title>
    <link rel="stylesheet" href="styles/site.css" />
  </head>
  <body>
    <h1>Harbour Street Bakery</h1>
    <p>Open from 6:30, closed on Mondays.</p>
    <p>Today's bread: rye with caraway, oat loaf, olive focaccia.</p>
    <a href="prices.csv">Prices</a>
  </body>
</html>
`,
  'styles/site.css': `:root {
  --crust: #7a4a1e;
}

body {
  font-family: Georgia, serif;
  margin: 2rem auto;
  max-width: 40rem;
}

h1 {
  color: var(--crust);
}
`,
  'prices.csv': `item,price
rye with caraway,4.20
oat loaf,3.80
olive focaccia,5.10
cinnamon bun,1.90
`,
  'report.md': `# Report of the third quarter

## Sales

Bread is up by four percent, buns by eleven. The second oven has paid for itself.

## Plans

- A stall at the Saturday market
- Longer hours in December

## Notes from the team

`,
  'notes/meeting.md': `# Meeting on Tuesday

Present: Ann, Ben, Chris

1. The new oven: delivery is on the 14th.
2. Website: Ann writes the opening hours, Ben the prices.
3. Any other business
`,
  'notes/ideas.txt': `Ideas
-----
Sourdough class on Sunday afternoons
A card for regulars: the tenth loaf is free
`,
};

/** Where the server has them: folders with a name are told apart in lists. */
const folder = 'bakery';

/** Puts the documents on a server; gives the address of their folder, without a slash at its end. */
export function serveDocuments(server: Pick<LockServer, 'seed' | 'url'>): string {
  const placed = Object.entries(documents).map(([name, text]) => [`${folder}/${name}`, text]);
  server.seed(Object.fromEntries(placed) as Record<string, string>);
  return `${server.url}${folder}`;
}
