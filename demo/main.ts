/**
 * `npm run demo`: the main job of Usher from end to end, told as a story. Usher runs as a process of its own on an embedded database in a
 * folder that is gone afterwards; beside it a SAML identity provider that really signs, a real SCIM server, and
 * what answers as Google Workspace and Salesforce do. Leaves with 0 only if every
 * claim was true. What happens is in chapters.ts and seed-scenario.ts.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSamlIdentityProvider, type SamlPerson } from '../test/support/saml-identity-provider.ts';
import { startScimServer } from '../test/support/targets/scim-server.ts';
import * as chapters from './chapters.ts';
import { foundEmployeePortal, startDistantClouds } from './clouds.ts';
import { comeIn, foundCompany } from './company.ts';
import * as seed from './seed-scenario.ts';
import { viewScim } from './scim-view.ts';
import { beginStory, type Story } from './told.ts';
import { startUsherProcess } from './usher-process.ts';

const people: readonly SamlPerson[] = [person('ada', 'Ada', 'Byron'), person('bob', 'Bob', 'Baker')];

async function tell(story: Story, signal: AbortSignal): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  story.chapter('The stage');
  const folder = await mkdtemp(join(tmpdir(), 'usher-demo-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const [idp, scim, clouds] = await Promise.all([
    startSamlIdentityProvider({ people }),
    startScimServer({ token: randomBytes(16).toString('hex'), latencyMs: 100 }),
    startDistantClouds(),
  ]);
  cleanup.defer(() => Promise.all([idp.close(), scim.close(), clouds.close()]).then(() => undefined));
  story.say(
    `An identity provider that signs is at ${idp.url}.`,
    `A SCIM 2.0 server is at ${scim.url}.`,
    `What answers as Google Workspace does is at ${clouds.google.apiRoot}, and as Salesforce does at ${clouds.salesforce.instanceUrl}.`,
  );

  const adminPassword = randomBytes(16).toString('hex');
  const usher = await startUsherProcess(folder, adminPassword, signal);
  cleanup.defer(() => usher.stop().then(() => undefined));
  story.say(`Usher is at ${usher.url}, a process of its own, ready after ${(usher.readyAfterMs / 1000).toFixed(1)} s.`);

  story.chapter('The administrator configures everything through GraphQL');
  const admin = await comeIn(usher.url, adminPassword);
  story.say('Signed in as admin, with an API token for the rest.');
  const company = await foundCompany(admin, idp, scim);
  story.say('Staff sign in with SAML; who comes is stored.');
  story.say('The Directory is a SCIM 2.0 server that people can be provisioned to.');
  story.say('The Portal   provisions there and holds the door until it is done.');
  story.say('The Intranet provisions there in the background.');
  story.say('The Shop     provisions nowhere; its customers register themselves.');
  const employees = await foundEmployeePortal(admin, clouds);
  story.say('The Employees’ portal, where employees register, provisions to Google in the background and holds the door for Salesforce.');

  // We look over the SCIM server's shoulder, so our own looks are not counted.
  let looks = 0;
  const look = viewScim(scim.url, scim.token);
  const scene: seed.SeedScene = {
    clouds,
    employees,
    url: usher.url,
    admin,
    company,
    scim: (userName) => {
      looks++;
      return look(userName);
    },
    calls: () => scim.requests.length - looks,
    story,
    signal,
  };
  for (const chapter of [
    chapters.heldEmployee,
    chapters.backgroundEmployee,
    chapters.storedCustomer,
    chapters.changeOfName,
    chapters.removal,
    seed.registeredEmployee,
    seed.customerIsNowhere,
    seed.newName,
    seed.newGroup,
    seed.departure,
    seed.homecoming,
    chapters.whatHappened,
  ]) {
    await unlessInterrupted(chapter(scene), signal);
  }

  story.chapter('The end');
  story.claim('Usher was told to stop, finished what it was doing and left with 0.', (await usher.stop()) === 0);
}

/** Leaves what is under way where it is: cleaning up takes away what it stands on. */
function unlessInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(reasonOf(signal));
    signal.addEventListener('abort', () => reject(reasonOf(signal)), { once: true });
  });
  return Promise.race([work, interrupted]);
}
const reasonOf = (signal: AbortSignal): Error => (signal.reason instanceof Error ? signal.reason : new Error('The demo was interrupted.'));

function person(name: string, givenName: string, familyName: string): SamlPerson {
  const address = `${name}@example.org`;
  return { name, nameId: address, attributes: { givenName, familyName, email: address } };
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for the cleaning up.
    if (interrupted.signal.aborted) process.exit(1);
    interrupted.abort(new Error(`It was interrupted by ${signal}.`));
  });
const story = beginStory();
try {
  await tell(story, interrupted.signal);
  if (story.broken.length > 0) throw new Error(`Not true: ${story.broken.join(' ')}`);
  story.say(`All ${story.claims} claims were true.`);
} catch (error) {
  process.stdout.write(`\nThe demo FAILED. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
