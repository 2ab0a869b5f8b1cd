import type { Opened, RefusalReading } from '../refused';
import { codes, line } from '../values';
import { sentence } from '../words';
import { textOf } from '../../xml/xmlTree';

/** SAP ADT: 423 means here that **we** do not hold the lock. The type is an attribute, which the tree leaves out. */
export function adt({ xml, body }: Opened): RefusalReading | undefined {
  if (xml?.local !== 'exception' || !/sap\.com/i.test(xml.namespace)) return undefined;
  const type = /<(?:[\w.-]+:)?type\s+id\s*=\s*"([^"]{1,120})"/.exec(body)?.[1];
  const reason = line(textOf(xml, 'localizedMessage') ?? textOf(xml, 'message'));
  return { shape: 'adt', codes: codes(type), ...sentence(reason), ...(reason !== undefined && { reason }) };
}

/** Azure Storage: the code is a header, the words are in a small document of their own. */
export function azure({ headers, xml }: Opened): RefusalReading | undefined {
  const code = headers['x-ms-error-code'] ?? (xml?.local === 'Error' ? textOf(xml, 'Code') : undefined);
  if (code === undefined) return undefined;
  const reason = line(textOf(xml, 'Message'));
  return { shape: 'azure', codes: codes(code), ...(reason !== undefined && { reason }) };
}
