import { Command } from 'commander';
import { alertFormats } from '../../following/alerts/alert-formats.js';
import { outputFormats } from '../../prediction/prediction.dto.js';
import { addFollowOptions, formatAmong } from './follow.js';

describe('the options of following', () => {
  const parse = (...args: string[]): object => {
    const command = addFollowOptions(new Command('score').option('--explain'))
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    return command.parse(args, { from: 'user' }).opts();
  };

  it('imply each other', () => {
    expect(parse()).toEqual({});
    expect(parse('--to', 'syslog+tcp://siem:601')).toEqual({ follow: true, to: 'syslog+tcp://siem:601' });
    expect(parse('--alert', 'suspicious', '--from', 'end')).toEqual({
      follow: true,
      alert: 'suspicious',
      from: 'end',
    });
  });

  it('are refused where they mean nothing', () => {
    expect(() => parse('--alert', 'evil')).toThrow('Allowed choices are benign, suspicious, malicious');
    expect(() => parse('--follow', '--explain')).toThrow('cannot be used with');
    expect(() => parse('--format', 'xml')).toThrow('Allowed choices are csv, ndjson, ecs, cef');
  });

  it('write what can be written in each way of scoring', () => {
    expect(formatAmong(outputFormats, undefined)).toBe('ndjson');
    expect(formatAmong(alertFormats, 'cef')).toBe('cef');
    expect(() => formatAmong(alertFormats, 'csv')).toThrow('cannot be written like this');
  });
});
