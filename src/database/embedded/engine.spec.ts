import { saysListening, saysPortTaken, serverArguments } from './engine.js';

describe('the command line of a server', () => {
  it('binds mongod to loopback on the given port and data', () => {
    const expected = ['--dbpath', '/d', '--port', '41000', '--bind_ip', '127.0.0.1', '--quiet'];
    expect(serverArguments('mongod', 41_000, '/d', false)).toEqual(expected);
    expect(serverArguments('downloaded-mongod', 41_000, '/d', false)).toEqual(expected);
  });

  it('makes both ask for a password, mongod also where there is no user', () => {
    const login = ['--auth', '--setParameter', 'enableLocalhostAuthBypass=0'];
    expect(serverArguments('mongod', 41_000, '/d', true).slice(-3)).toEqual(login);
    expect(serverArguments('secantusdb', 41_000, '/d', true).at(-1)).toBe('--auth');
  });

  it('makes SecantusDB write through on each commit', () => {
    expect(serverArguments('secantusdb', 41_000, '/d', false).join(' ')).toBe(
      '-m secantus --host 127.0.0.1 --port 41000 --storage-path /d --sync-on-commit --log-level INFO',
    );
  });
});

describe('the output of a server', () => {
  it('says which port it listens on', () => {
    const secantus = '2026-11-22 16:51:14,197 INFO secantus.server: secantus listening on 127.0.0.1:39118\n';
    expect(saysListening(secantus, 39_118)).toBe(true);
    expect(saysListening(secantus, 3911)).toBe(false);
    expect(saysListening(secantus.replace('listening', 'starting'), 39_118)).toBe(false);
    const mongod =
      '{"c":"NETWORK","id":23016,"msg":"Waiting for connections","attr":{"port":39118,"ssl":"off"}}\n';
    expect(saysListening(mongod, 39_118)).toBe(true);
  });

  it('tells a taken port from other failures', () => {
    expect(saysPortTaken('OSError: [Errno 98] Address already in use')).toBe(true);
    expect(
      saysPortTaken('[WinError 10048] Only one usage of each socket address is normally permitted'),
    ).toBe(true);
    expect(saysPortTaken('_wiredtiger.WiredTigerError: Device or resource busy')).toBe(false);
  });
});
