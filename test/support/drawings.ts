// The pictures of the walkthrough, which are drawn in the colors of the theme.
import { contributes } from './manifest';
import { readText } from './sources';

/** As drawn, step by step. */
export const drawings = contributes.walkthroughs.flatMap(({ steps }) =>
  steps.map(({ media }) => ({ path: media.svg, drawn: readText(media.svg) })),
);

/** The lines of text in a drawing. */
export function linesIn(drawn: string): readonly string[] {
  const lines = [...drawn.matchAll(/<text[^>]*>(.*?)<\/text>/gs)];
  return lines.map(([, line = '']) => line.replaceAll(/<[^>]+>/g, ''));
}
