import type { ParsedRefusal, RefusalReading } from '../parsedRefusal';
import { codes, safeLine } from '../values';
import { readSentence } from '../words';
import { textOf } from '../../xml/xmlTree';

/** SAP ADT: 423 means that **we** do not hold the lock. The type is an attribute, which the XML tree leaves out. */
export function adt({ xml, body }: ParsedRefusal): RefusalReading | undefined {
  if (xml?.local !== 'exception' || !/sap\.com/i.test(xml.namespace)) return undefined;
  const type = /<(?:[\w.-]+:)?type\s+id\s*=\s*"([^"]{1,120})"/.exec(body)?.[1];
  const reason = safeLine(textOf(xml, 'localizedMessage') ?? textOf(xml, 'message'));
  return {
    shape: 'adt',
    codes: codes(type),
    ...readSentence(reason),
    ...(reason !== undefined && { reason }),
  };
}

/** Azure Storage: the code is in a header, the message in a small XML document. */
export function azure({ headers, xml }: ParsedRefusal): RefusalReading | undefined {
  const code = headers['x-ms-error-code'] ?? (xml?.local === 'Error' ? textOf(xml, 'Code') : undefined);
  if (code === undefined) return undefined;
  const reason = safeLine(textOf(xml, 'Message'));
  return { shape: 'azure', codes: codes(code), ...(reason !== undefined && { reason }) };
}
