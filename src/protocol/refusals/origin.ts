import type { RefusalShape, RefusalInfo } from '../../core/model/refusalInfo';
import type { Opened } from './refused';
import { pageText } from './pageText';

/** Products that stand in front of servers and never keep a lock. */
const gateways =
  /cloudflare|akamai|big-?ip|awselb|cloudfront|varnish|squid|zscaler|forti(?:web|gate)|barracuda|imperva|incapsula|sucuri|mod_security|haproxy|traefik|envoy|netscaler|azure-?(?:front-?door|application-?gateway)/i;
const gatewayHeaders = ['x-sucuri-id', 'x-iinfo', 'x-squid-error', 'x-fw-server', 'x-azure-ref'];
const gatewayWords =
  /web application firewall|\bWAF\b|request (?:was )?(?:blocked|rejected)|blocked by (?:the )?(?:security|firewall|policy|administrator)|support id|incident id|ray id|your organi[sz]ation's policy/i;

/** Forms that only an application writes. */
const byServer = new Set<RefusalShape>([
  'dav',
  'sabre',
  'nextcloud',
  'office',
  'gitLfs',
  'terraform',
  'adt',
  'odata',
]);

/** Whether the server itself refused, or something on the way to it. */
export function originOf(shape: RefusalShape, { headers, body, product }: Opened): RefusalInfo['from'] {
  if (byServer.has(shape)) return 'server';
  const server = headers['server'];
  const isProse = shape === 'html' || shape === 'text' || shape === 'none';
  const signs = [
    isProse && gatewayHeaders.some((name) => name in headers),
    isProse && server !== undefined && gateways.test(server) && !gateways.test(product ?? ''),
    isProse && gatewayWords.test(pageText(body)),
    // Another program answers than usual.
    isProse &&
      shape !== 'none' &&
      server !== undefined &&
      product !== undefined &&
      family(server) !== family(product),
  ].filter(Boolean).length;
  if (signs > 0) return 'gateway';
  return server !== undefined && product !== undefined ? 'server' : 'unknown';
}

function family(product: string): string {
  return product.split(/[\s/]/, 1)[0]?.toLowerCase() ?? '';
}
