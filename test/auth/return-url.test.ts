import { describe, expect, test } from 'vitest';
import { destinationOf, judgeReturnTo, originsOf } from '../../src/auth/return-url.ts';

const application = {
  homeUrl: 'https://home.example.test/start',
  returnUrls: ['https://app.example.test/done?x=1', 'https://app.example.test/pages/', 'http://localhost:3000/'],
};

describe('a return address', () => {
  test.each([
    ['https://app.example.test/done?x=1', 'equal to one that is listed'],
    ['https://app.example.test/pages/', 'the folder itself'],
    ['https://app.example.test/pages/a/b?c=d#e', 'below a folder'],
    ['HTTPS://APP.example.test/pages/a', 'in other letters, where letters do not count'],
    ['http://localhost:3000/anything', 'below a whole site'],
    ['https://home.example.test/start', 'the home page'],
  ])('%s is allowed: %s', (url) => {
    expect(judgeReturnTo(url, application)).toBe(new URL(url).href);
  });

  test.each([
    ['https://app.example.test/done', 'without the query that is listed'],
    ['https://app.example.test/done?x=12', 'longer than what is listed'],
    ['https://app.example.test/pages', 'beside the folder'],
    ['https://app.example.test/pages/../admin', 'out of the folder'],
    ['https://app.example.test/pages/%2e%2e/admin', 'out of the folder, escaped'],
    ['https://app.example.test/pages/..%2fadmin', 'out of the folder for a server that decodes late'],
    ['https://app.example.test/pages/..%5cadmin', 'the same with a backslash'],
    ['https://app.example.test.evil.test/pages/', 'a longer host'],
    ['https://app.example.test@evil.test/pages/', 'a name before the host'],
    ['https://user:pass@app.example.test/pages/', 'somebody’s name'],
    ['https://app.example.test:444/pages/', 'another port'],
    ['http://app.example.test/pages/', 'another scheme'],
    ['https:\\\\app.example.test\\pages\\', 'backslashes'],
    ['https://evil.test\\@app.example.test/pages/', 'a backslash before the host'],
    ['//app.example.test/pages/', 'no scheme'],
    ['https:app.example.test/pages/', 'no slashes'],
    ['https:///app.example.test/pages/', 'three slashes'],
    ['/pages/', 'no host'],
    ['javascript:alert(1)//https://app.example.test/pages/', 'a script'],
    ['data:text/html,x', 'data'],
    [' https://app.example.test/pages/', 'a blank before'],
    ['https://app.example.test/pages/\n', 'a line break behind'],
    ['https://app.example.test/pa\tges/', 'a tab within'],
    [`https://app.example.test/pages/${'x'.repeat(2_000)}`, 'too long for a cookie'],
    ['https://home.example.test/start/more', 'below the home page, which is one address'],
    [['https://app.example.test/pages/'], 'a list'],
    [undefined, 'nothing'],
  ] as readonly (readonly [unknown, string])[])('%s is not: %s', (url) => {
    expect(judgeReturnTo(url, application)).toBeNull();
  });

  test('that is not allowed leads home, and without a home to our own page', () => {
    expect(destinationOf('https://evil.test/', application, 'https://door.test')).toBe('https://home.example.test/start');
    expect(destinationOf(null, { homeUrl: null, returnUrls: [] }, 'https://door.test')).toBe('https://door.test/session');
  });

  test('origins of an application are told once each', () => {
    expect(originsOf(application)).toEqual(['https://app.example.test', 'http://localhost:3000', 'https://home.example.test']);
  });
});
