import { flatFlowRecord } from './flat-record.js';

describe('a record of a flow in a JSON body', () => {
  const hosts = { orig_h: '10.1.2.3', orig_p: 50123, resp_h: '198.51.100.7', resp_p: 443 };

  it('is flattened, with the label and the capture beside it', () => {
    expect(flatFlowRecord({ ts: 1, proto: 'tcp', id: hosts, label: 'benign', capture: 'lab' })).toEqual({
      ts: 1,
      proto: 'tcp',
      id_orig_h: '10.1.2.3',
      id_orig_p: 50123,
      id_resp_h: '198.51.100.7',
      id_resp_p: 443,
      label: 'benign',
      capture: 'lab',
    });
    expect(flatFlowRecord({ conn: { ts: 1, proto: 'tcp', id: hosts }, capture: 'lab' })).toMatchObject({
      id_orig_h: '10.1.2.3',
      capture: 'lab',
    });
  });

  it.each([
    [{ id_orig_h: 'x', ts: 1 }],
    [{ a: 1 }],
    [7],
    [{ id: { ...hosts, orig_h: '300.1.1.1' }, proto: 'tcp' }],
  ])('stays as it is where it is flat already, no flow, or damaged: %j', (record) =>
    expect(flatFlowRecord(record)).toBe(record),
  );
});
