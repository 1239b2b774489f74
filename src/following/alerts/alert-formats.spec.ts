import { codeVersion } from '../../config/project-root.js';
import { aFlowAlert, aHostAlert, aUrlAlert } from '../fixtures/alerts.js';
import { alertLine } from './alert-formats.js';
import { escapeExtension, escapeHeader } from './cef.js';

const novelty = { score: 0.71, quantile: 0.9995, isNew: true };
const signature = {
  signature: 'ET SCAN x=1',
  signatureId: 2001,
  category: 'Scan',
  severity: 2,
  action: 'allowed',
};

describe('the id of an alert', () => {
  it('is the same for the same flow, and another for any other', () => {
    const { id } = aFlowAlert();
    expect(id).toMatch(/^[\da-f]{32}$/);
    expect(aFlowAlert().id).toBe(id);
    expect(aFlowAlert({}, { probability: 0.5, verdict: 'suspicious' }).id).toBe(id);
    expect(aFlowAlert({ uid: 'CAbc2' }).id).not.toBe(id);
    expect(aFlowAlert({ uid: null, orig_bytes: 1 }).id).not.toBe(aFlowAlert({ uid: null, orig_bytes: 2 }).id);
    expect(aFlowAlert({}, { detector: 'other' }).id).not.toBe(id);
  });

  it('is another one for a finding that has grown', () => {
    expect(aHostAlert().id).toBe(aHostAlert({ to: 1_700_000_030, uids: [] }).id);
    expect(aHostAlert().id).not.toBe(aHostAlert({ count: 50 }).id);
  });
});

describe('plain alerts', () => {
  it('hold verdict, reasons, model and flow', () => {
    const alert = aFlowAlert();
    expect(JSON.parse(alertLine(alert, 'ndjson'))).toMatchObject({
      id: alert.id,
      kind: 'flow',
      time: '2023-11-14T22:13:21.750Z',
      detector: 'network-flow',
      verdict: 'malicious',
      probability: 0.97,
      reasons: ['many failed connections: speaks for a threat'],
      text: 'malicious flow from 10.0.0.5 to 203.0.113.9: many failed connections: speaks for a threat',
      model: { detector: 'network-flow', version: 3 },
      flow: { uid: 'CAbc1', id_resp_p: 443, conn_state: null },
    });
  });

  it('say how unlike all that was learned from a flow is, each in its own words', () => {
    const alert = aFlowAlert({}, { novelty });
    expect(JSON.parse(alertLine(alert, 'ndjson')).novelty).toEqual(novelty);
    expect(JSON.parse(alertLine(alert, 'ecs')).netwarden.novelty).toEqual({
      score: 0.71,
      quantile: 0.9995,
      is_new: true,
    });
    expect(alertLine(alert, 'cef')).toContain(' cfp2=0.71 cfp2Label=novelty');
    expect(JSON.parse(alertLine(aFlowAlert(), 'ndjson'))).not.toHaveProperty('novelty');
  });

  it('hold what a host did, and the flows that prove it', () => {
    expect(JSON.parse(alertLine(aHostAlert(), 'ndjson'))).toMatchObject({
      kind: 'host',
      finding: 'horizontal-scan',
      host: '10.0.0.5',
      port: 23,
      count: 25,
      from: '2023-11-14T22:13:20.000Z',
      to: '2023-11-14T22:13:40.000Z',
      uids: ['C1', 'C25'],
      text: '10.0.0.5 scans hosts (horizontal: port 23 on 25 hosts in 20 s)',
    });
  });
});

describe('alerts in ECS', () => {
  it('put a flow under its field names, and what the log does not say nowhere', () => {
    const document = JSON.parse(alertLine(aFlowAlert({ resp_pkts: null }, { signature }), 'ecs'));
    expect(document).toMatchObject({
      '@timestamp': '2023-11-14T22:13:21.750Z',
      ecs: { version: '8.17.0' },
      event: {
        kind: 'alert',
        category: ['network', 'intrusion_detection'],
        type: ['info'],
        severity: 10,
        risk_score: 97,
        start: '2023-11-14T22:13:20.250Z',
        duration: 1_500_000_000,
        reason: expect.stringContaining('malicious flow'),
      },
      source: { ip: '10.0.0.5', port: 49152, bytes: 100, packets: 4 },
      destination: { ip: '203.0.113.9', port: 443, bytes: 2000 },
      network: { transport: 'tcp', protocol: 'ssl', type: 'ipv4', bytes: 2100 },
      related: { ip: ['10.0.0.5', '203.0.113.9'] },
      rule: { id: '2001', name: 'ET SCAN x=1', category: 'Scan' },
      netwarden: { detector: 'network-flow', verdict: 'malicious', version: 3, uid: 'CAbc1' },
    });
    expect(document.network).not.toHaveProperty('packets');
    expect(document.destination).not.toHaveProperty('packets');
    expect(JSON.stringify(document)).not.toContain('null');
  });

  it.each([
    [{ proto: 'tcp' }, '1:wCb3OG7yAFWelaUydu0D+125CLM='],
    [{ proto: 'udp' }, '1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg='],
  ])("have the community id that Zeek's own tests expect: %j", (fields, expected) => {
    const ends = { id_orig_h: '1.2.3.4', id_orig_p: 1122, id_resp_h: '5.6.7.8', id_resp_p: 3344, ...fields };
    const back = { id_resp_h: '1.2.3.4', id_resp_p: 1122, id_orig_h: '5.6.7.8', id_orig_p: 3344, ...fields };
    const idOf = (flow: object): unknown =>
      JSON.parse(alertLine(aFlowAlert(flow), 'ecs')).network.community_id;
    expect([idOf(ends), idOf(back)]).toEqual([expected, expected]);
  });

  it('have the same community id for each spelling of an address, and none where it is not defined', () => {
    const idOf = (flow: object): unknown =>
      JSON.parse(alertLine(aFlowAlert(flow), 'ecs')).network.community_id;
    const [short, long] = ['fe80::1:a00:5', 'fe80:0:0:0:0:1:0a00:0005'];
    const id = idOf({ id_orig_h: short, id_resp_h: '2001:db8::' });
    expect(id).toMatch(/^1:[\w+/]{27}=$/);
    expect(idOf({ id_orig_h: long, id_resp_h: '2001:db8:0:0:0:0:0:0' })).toBe(id);
    expect(idOf({ id_orig_h: 'fe80::1:10.0.0.5', id_resp_h: '2001:db8::' })).toBe(id);
    expect(idOf({ proto: 'gre' })).toBeUndefined();
    expect(idOf({ id_orig_h: '::1' })).toBeUndefined();
  });

  it.each([
    ['fe80::200:86ff:fe05:80da', 'fe80::260:97ff:fe07:69ea', 135, 0, '1:dGHyGvjMfljg6Bppwm3bg0LO8TY='],
    ['fe80::260:97ff:fe07:69ea', 'fe80::200:86ff:fe05:80da', 136, 0, '1:dGHyGvjMfljg6Bppwm3bg0LO8TY='],
    ['3ffe:501:1800:2345::2', '3ffe:507:0:1:200:86ff:fe05:80da', 3, 0, '1:2ObVBgIn28oZvibYZhZMBgh7WdQ='],
    [
      '3ffe:501:410:0:2c0:dfff:fe47:33e',
      '3ffe:507:0:1:200:86ff:fe05:80da',
      1,
      4,
      '1:hLZd0XGWojozrvxqE0dWB1iM6R0=',
    ],
    ['3ffe:507:0:1:200:86ff:fe05:80da', '3ffe:501:0:1001::2', 128, 0, '1:+TW+HtLHvV1xnGhV1lv7XoJrqQg='],
    ['192.168.0.89', '192.168.0.1', 8, 0, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
    ['192.168.0.1', '192.168.0.89', 0, 0, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
    ['10.0.0.1', '10.0.0.2', 11, 0, '1:YHxtAirCG//0OzkcVAukqKQN9xM='],
  ])("have the community id of the specification's baseline for ICMP from %s to %s, type %d", (...row) => {
    const [id_orig_h, id_resp_h, id_orig_p, id_resp_p, id] = row;
    const ping = { proto: 'icmp', id_orig_h, id_resp_h, id_orig_p, id_resp_p };
    expect(JSON.parse(alertLine(aFlowAlert(ping), 'ecs')).network.community_id).toBe(id);
  });

  it('put an address that was asked for under url', () => {
    const document = JSON.parse(alertLine(aUrlAlert(), 'ecs'));
    expect(document).toMatchObject({
      '@timestamp': '2023-11-14T22:13:20.000Z',
      event: { dataset: 'netwarden.url', severity: 10, risk_score: 97 },
      url: { original: 'http://evil.example/x?a=1|2' },
      source: { ip: '10.0.0.5' },
      rule: { name: 'malicious-url' },
      netwarden: { detector: 'url', verdict: 'malicious', version: 3, uid: '7' },
    });
    expect(document.destination).toEqual({ ip: '203.0.113.9', address: '203.0.113.9' });
    expect(document.url).toEqual({
      original: 'http://evil.example/x?a=1|2',
      full: 'http://evil.example/x?a=1|2',
      domain: 'evil.example',
    });
  });

  it('name the host of a finding as the source', () => {
    expect(JSON.parse(alertLine(aHostAlert(), 'ecs'))).toMatchObject({
      event: { severity: 6, start: '2023-11-14T22:13:20.000Z', end: '2023-11-14T22:13:40.000Z' },
      source: { ip: '10.0.0.5' },
      destination: { port: 23 },
      rule: { name: 'horizontal-scan' },
      netwarden: { finding: 'horizontal-scan', count: 25, uids: ['C1', 'C25'] },
    });
  });
});

describe('a flow of ICMP', () => {
  const ping = aFlowAlert({ proto: 'icmp', id_orig_p: 8, id_resp_p: 0, service: null });

  it('has no ports, but its type and code, in every format', () => {
    const plain = JSON.parse(alertLine(ping, 'ndjson'));
    expect(plain).toMatchObject({ icmp: { type: 8, code: 0 }, flow: { id_orig_p: null, id_resp_p: null } });
    const ecs = JSON.parse(alertLine(ping, 'ecs'));
    expect(ecs).toMatchObject({ netwarden: { icmp: { type: 8, code: 0 } }, network: { transport: 'icmp' } });
    expect([ecs.source, ecs.destination]).not.toContainEqual(expect.objectContaining({ port: 8 }));
    expect(ecs.destination).not.toHaveProperty('port');
    const cef = alertLine(ping, 'cef');
    expect(cef).toContain(' cn2=8 cn2Label=icmpType cn3=0 cn3Label=icmpCode');
    expect(cef).not.toMatch(/ [sd]pt=/);
    expect(alertLine(aHostAlert({ proto: 'icmp', port: 0 }), 'cef')).not.toContain('dpt=');
    expect(JSON.parse(alertLine(aHostAlert({ proto: 'icmp', port: 0 }), 'ecs'))).not.toHaveProperty(
      'destination',
    );
  });
});

describe('severities', () => {
  it('follow the verdict whatever the probability, and within it the probability', () => {
    const of = (verdict: 'benign' | 'suspicious' | 'malicious', probability: number): number[] =>
      [aFlowAlert({}, { verdict, probability }), { ...aUrlAlert(), verdict, probability }].map(
        (alert) => JSON.parse(alertLine(alert, 'ecs')).event.severity as number,
      );
    expect(of('benign', 0.9)).toEqual([3, 3]);
    expect(of('suspicious', 0.02)).toEqual([4, 4]);
    expect(of('suspicious', 0.97)).toEqual([6, 6]);
    expect(of('malicious', 0.3)).toEqual([7, 7]);
    expect(of('malicious', 0.96)).toEqual([10, 10]);
    expect(alertLine(aFlowAlert({}, { probability: 0.1 }), 'cef')).toContain('|malicious flow|7|');
  });
});

describe('alerts in CEF', () => {
  const cef = (alert: Parameters<typeof alertLine>[0]): string => alertLine(alert, 'cef');

  it('have seven header fields and an extension of keys that are known', () => {
    const alert = aFlowAlert();
    expect(cef(alert)).toBe(
      `CEF:0|Netwarden|Netwarden|${codeVersion}|malicious-flow|malicious flow|10|externalId=${alert.id} ` +
        'rt=1700000001750 cat=network-flow ' +
        'msg=malicious flow from 10.0.0.5 to 203.0.113.9: many failed connections: speaks for a threat ' +
        'src=10.0.0.5 dst=203.0.113.9 spt=49152 dpt=443 proto=TCP app=ssl in=100 out=2000 start=1700000000250 ' +
        'cs1=malicious cs1Label=verdict cs2=CAbc1 cs2Label=uid cfp1=0.97 cfp1Label=probability ' +
        'cn1=3 cn1Label=modelVersion',
    );
  });

  it('escape what would end a field or begin a key', () => {
    expect(escapeHeader('a|b\\c=d\r\ne')).toBe('a\\|b\\\\c=d e');
    expect(escapeExtension('a|b\\c=d\r\ne\rf\ng')).toBe('a|b\\\\c\\=d\\ne\\rf\\ng');
    expect(cef(aFlowAlert({ uid: 'x dst=1.2.3.4\nCEF:0|' }))).toContain(
      'cs2=x dst\\=1.2.3.4\\nCEF:0| cs2Label',
    );
    expect(cef(aFlowAlert({}, { signature }))).toContain('cs3=ET SCAN x\\=1 cs3Label=signature');
  });

  it('keep IPv6 addresses out of fields that are for IPv4', () => {
    const text = cef(aFlowAlert({ id_orig_h: '2001:db8::1', id_resp_h: '2001:db8::2' }));
    expect(text).toContain('c6a2=2001:db8::1 c6a2Label=Source IPv6 Address');
    expect(text).toContain('c6a3=2001:db8::2 c6a3Label=Destination IPv6 Address');
    expect(text).not.toMatch(/ (src|dst)=/);
  });

  it('have the address that was asked for as the request', () => {
    expect(cef(aUrlAlert())).toMatch(
      /\|malicious-url\|malicious url\|10\|.* src=10\.0\.0\.5 request=http:\/\/evil\.example\/x\?a\\=1\|2 app=http cs1=malicious /,
    );
  });

  it('say what a host did', () => {
    expect(cef(aHostAlert())).toMatch(
      /\|horizontal-scan\|horizontal scan\|6\|.* src=10\.0\.0\.5 dpt=23 proto=TCP cnt=25 start=1700000000000 end=1700000020000 cs1=C1,C25 cs1Label=uids$/,
    );
  });
});
