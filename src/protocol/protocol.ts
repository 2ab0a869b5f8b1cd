// What speaks with servers: a part of the extension by itself, which is loaded when the first server is to be reached.
export { createOriginFiles } from './createOriginFiles';
export { secretFieldsOf } from './http/secretFields';
export { readRefusal } from './refusals/read';
export { toRecordedExchange } from './refusals/recordedExchange';
export { loginFlows } from './signIn/loginFlow';
export { createTransport } from './transport/transport';
