import type { RefusalShape, RefusalInfo } from '../../core/model/refusalInfo';
import { pageText } from './pageText';
import type { ParsedRefusal } from './parsedRefusal';

/** Proxies and firewalls, which never hold locks themselves. */
const gateways =
  /cloudflare|akamai|big-?ip|awselb|cloudfront|varnish|squid|zscaler|forti(?:web|gate)|barracuda|imperva|incapsula|sucuri|mod_security|haproxy|traefik|envoy|netscaler|azure-?(?:front-?door|application-?gateway)/i;
const gatewayHeaders = ['x-sucuri-id', 'x-iinfo', 'x-squid-error', 'x-fw-server', 'x-azure-ref'];
const gatewayWords =
  /web application firewall|\bWAF\b|request (?:was )?(?:blocked|rejected)|blocked by (?:the )?(?:security|firewall|policy|administrator)|support id|incident id|ray id|your organi[sz]ation's policy/i;

/** Shapes that only an application writes, never a gateway. */
const applicationShapes = new Set<RefusalShape>([
  'dav',
  'sabre',
  'nextcloud',
  'office',
  'gitLfs',
  'terraform',
  'adt',
  'odata',
]);

/** Whether the refusal comes from the server itself or from a gateway in front of it. */
export function originOf(
  shape: RefusalShape,
  { headers, body, product }: ParsedRefusal,
): RefusalInfo['from'] {
  if (applicationShapes.has(shape)) return 'server';
  const server = headers['server'];
  const isProse = shape === 'html' || shape === 'text' || shape === 'none';
  const signs = [
    isProse && gatewayHeaders.some((name) => name in headers),
    isProse && server !== undefined && gateways.test(server) && !gateways.test(product ?? ''),
    isProse && gatewayWords.test(pageText(body)),
    // The `Server` header names a different product than usual.
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
