// Signs js-user in with SRP through amazon-cognito-identity-js, enrolls an authenticator on whichever
// path the pool opens, and signs in again with a code. Any other course of events throws.
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';

const { CognitoUserPool, CognitoUser, AuthenticationDetails } = createRequire(process.env.MODULES)('amazon-cognito-identity-js');
const pool = new CognitoUserPool({ UserPoolId: process.env.POOL, ClientId: process.env.CLIENT, endpoint: process.env.ENDPOINT });
const code = (key, steps) => execFileSync('oathtool', ['--totp', '-b', '-N', `@${Math.floor(Date.now() / 1000) + 30 * steps}`, key], { encoding: 'utf8' }).trim();
const ask = (start) => new Promise((resolve, reject) => start(resolve, reject));
const expect = (what, ok) => { if (!ok) throw new Error(`expected ${what}`); console.log(what); };

const signIn = (user) => ask((resolve, reject) => user.authenticateUser(
  new AuthenticationDetails({ Username: 'js-user', Password: 'Js-user-pass-1' }), {
    onSuccess: (session) => resolve({ kind: 'tokens', session }),
    onFailure: reject,
    mfaSetup: () => resolve({ kind: 'MFA_SETUP' }),
    totpRequired: (_, params) => resolve({ kind: 'SOFTWARE_TOKEN_MFA', params }),
  }));

let user = new CognitoUser({ Username: 'js-user', Pool: pool });
const first = await signIn(user);
expect('tokens or MFA_SETUP', first.kind === 'tokens' || first.kind === 'MFA_SETUP');
const key = await ask((resolve, reject) => user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }));
const refused = await ask((resolve) => user.verifySoftwareToken(code(key, 100), 'JS phone', { onSuccess: () => resolve(), onFailure: resolve }));
expect('a wrong code is refused', refused?.code === 'EnableSoftwareTokenMFAException');
await ask((resolve, reject) => user.verifySoftwareToken(code(key, 0), 'JS phone', { onSuccess: resolve, onFailure: reject }));
if (first.kind === 'tokens')
  await ask((resolve, reject) => user.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, (e, r) => (e ? reject(e) : resolve(r))));

user = new CognitoUser({ Username: 'js-user', Pool: pool });
const second = await signIn(user);
expect('the device is named at the next sign-in', second.kind === 'SOFTWARE_TOKEN_MFA' && second.params.FRIENDLY_DEVICE_NAME === 'JS phone');
const session = await ask((resolve, reject) => user.sendMFACode(code(key, 1), { onSuccess: resolve, onFailure: reject }, 'SOFTWARE_TOKEN_MFA'));
expect('valid tokens', session.isValid());
