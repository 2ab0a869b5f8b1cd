import assert from 'node:assert/strict';
import { RemoteFailure, type FailureKind } from '../../../../src/core/model/failure';
import { resourceId } from '../../../../src/core/model/resource';
import {
  isLostConnection,
  isMistake,
  networkFailure,
} from '../../../../src/protocol/transport/failures/networkFailures';
import { GivenUp } from '../../../../src/protocol/transport/sending/watch';

const resource = resourceId('https://dav.example/a');
const error = (code: string) => Object.assign(new Error(code), { code });

/** Code, kind before the request was sent, kind after. */
const rows: readonly (readonly [string, FailureKind, FailureKind?])[] = [
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['EAI_FAIL', 'unreachable'],
  ['EAI_NODATA', 'unreachable'],
  ['EAI_NONAME', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['EACCES', 'unreachable'],
  ['EPERM', 'unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
  ['PROXY_REFUSED', 'unreachable'],
  ['BAD_PROXY_AUTHORIZATION', 'unreachable'],
  ['CREDENTIALS_UNREADABLE', 'signInNeeded'],
  ['CLIENT_CERTIFICATE_PASSPHRASE', 'signInNeeded'],
  ['CLIENT_CERTIFICATE', 'tls'],
  ['EPROTO', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['CERT_NOT_YET_VALID', 'tls'],
  ['CERT_UNTRUSTED', 'tls'],
  ['CRL_HAS_EXPIRED', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
  ['UNABLE_TO_GET_CRL', 'tls'],
  ['UNABLE_TO_DECRYPT_CERT_SIGNATURE', 'tls'],
  ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'tls'],
  ['HOSTNAME_MISMATCH', 'tls'],
  ['INVALID_CA', 'tls'],
  ['INVALID_PURPOSE', 'tls'],
  ['PATH_LENGTH_EXCEEDED', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['ERR_OSSL_EVP_UNSUPPORTED', 'tls'],
  ['UND_ERR_PRX_TLS', 'tls'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'unreachable', 'interrupted'],
  ['ECONNRESET', 'unreachable', 'interrupted'],
  ['ECONNABORTED', 'unreachable', 'interrupted'],
  ['EPIPE', 'unreachable', 'interrupted'],
  ['UND_ERR_SOCKET', 'unreachable', 'interrupted'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'unreachable', 'interrupted'],
  ['A_CODE_OF_TOMORROW', 'unreachable', 'interrupted'],
  ['toString', 'unreachable', 'interrupted'],
  ['HPE_INVALID_CONSTANT', 'badAnswer'],
  ['UND_ERR_HTTP_PARSER', 'badAnswer'],
  ['HPE_INVALID_CHUNK_SIZE', 'badAnswer'],
  ['UND_ERR_HEADERS_OVERFLOW', 'badAnswer'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'badAnswer'],
  ['Z_DATA_ERROR', 'badAnswer'],
  ['Z_BUF_ERROR', 'badAnswer'],
  ['ERR__ERROR_FORMAT_PADDING_1', 'badAnswer'],
  ['ERR_BROTLI_DECODER_ERROR_UNREACHABLE', 'badAnswer'],
  ['UND_ERR_DESTROYED', 'canceled'],
  ['UND_ERR_CLOSED', 'canceled'],
];

describe('the meaning of an error of the network', () => {
  for (const [code, unsent, sent = unsent] of rows) {
    it(`${code} is ${unsent === sent ? unsent : `${unsent}, or ${sent} once sent`}`, () => {
      const cause = error(code);
      const before = networkFailure(cause, { method: 'PUT', resource, sent: false });
      assert.deepEqual([before.kind, before.facts.code, before.facts.maybeDone], [unsent, code, false]);
      assert.equal(before.facts.cause, cause);
      const after = networkFailure(cause, { method: 'PUT', resource, sent: true });
      assert.deepEqual([after.kind, after.facts.maybeDone], [sent, true]);
    });
  }

  it('is never in doubt for what only asks', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT', 'SEARCH']) {
      assert.equal(networkFailure(error('EPIPE'), { method, resource, sent: true }).facts.maybeDone, false);
    }
    for (const method of ['PUT', 'LOCK', 'UNLOCK', 'MOVE', 'COPY', 'DELETE', 'MKCOL', 'PROPPATCH', 'POST']) {
      assert.equal(networkFailure(error('EPIPE'), { method, resource, sent: true }).facts.maybeDone, true);
    }
  });

  it('is not in doubt once the status refused', () => {
    const maybe = (status: number) =>
      networkFailure(error('EPIPE'), { method: 'PUT', resource, sent: true, status }).facts.maybeDone;
    assert.deepEqual([maybe(200), maybe(302), maybe(423), maybe(500)], [true, false, false, true]);
  });

  it('finds the code of a cause and of the first of several errors', () => {
    const wrapped = new Error('outer', {
      cause: new AggregateError([error('ECONNREFUSED'), error('EPIPE')]),
    });
    assert.equal(networkFailure(wrapped, { method: 'GET', resource, sent: false }).kind, 'unreachable');
    assert.equal(networkFailure(wrapped, { method: 'GET', resource, sent: true }).facts.code, 'ECONNREFUSED');
  });

  it('is what this side gave up for', () => {
    const failure = networkFailure(new GivenUp('timeout', 'HEADERS'), {
      method: 'PUT',
      resource,
      sent: true,
    });
    assert.deepEqual(
      [failure.kind, failure.facts.code, failure.facts.maybeDone],
      ['timeout', 'HEADERS', true],
    );
  });

  it('passes a failure on as it is', () => {
    const failure = new RemoteFailure('tls', { resource });
    assert.equal(networkFailure(failure, { method: 'GET', resource, sent: true }), failure);
  });

  it('knows a mistake of the caller from a failure of the network', () => {
    assert.equal(isMistake(new TypeError('x')), true);
    assert.equal(isMistake(error('UND_ERR_INVALID_ARG')), true);
    assert.equal(isMistake(error('ECONNRESET')), false);
    assert.equal(isMistake(new RemoteFailure('tls', { resource })), false);
  });

  it('knows a connection that was closed under a request', () => {
    const lost = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'HPE_INVALID_CONSTANT'];
    assert.deepEqual(
      lost.map((code) => isLostConnection(error(code))),
      [true, true, true, false, false],
    );
  });
});
