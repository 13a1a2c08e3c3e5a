// Signs js-user in with SRP through amazon-cognito-identity-js and, at MFA_SETUP, leaves the enrollment to
// cognito-enroll: it gives its Session to begin, and finishes its own sign-in with the one that finish hands back.
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';

const { CognitoUserPool, CognitoUser, AuthenticationDetails } = createRequire(process.env.MODULES)('amazon-cognito-identity-js');
const { POOL, CLIENT, ENDPOINT, PROGRAM, WORK } = process.env;
const pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint: ENDPOINT });
const ask = (start) => new Promise((resolve, reject) => start(resolve, reject));
const expect = (what, ok) => { if (!ok) throw new Error(`expected ${what}`); console.log(what); };
const objects = (text) => text.trim().split('\n').map((line) => JSON.parse(line));
const run = (args, input) => objects(execFileSync(PROGRAM, args, { input, encoding: 'utf8' }));
const handle = `${WORK}/hand-back.json`;

const user = new CognitoUser({ Username: 'js-user', Pool: pool });
const signIn = () => ask((resolve, reject) => user.authenticateUser(
  new AuthenticationDetails({ Username: 'js-user', Password: 'Js-user-pass-1' }), {
    onSuccess: () => resolve('tokens'), onFailure: reject,
    mfaSetup: () => resolve('MFA_SETUP'), totpRequired: () => resolve('SOFTWARE_TOKEN_MFA'),
  }));
expect('MFA_SETUP', await signIn() === 'MFA_SETUP');

const answers = ['sign-in', 'get-ready'].map((id) => JSON.stringify({ v: 1, type: 'answer', id })).join('\n');
const begun = run(['begin', '--json', '--session-stdin', '--hand-back', '--username', user.getUsername(), '--pool-id', POOL,
  '--client-id', CLIENT, '--endpoint-url', ENDPOINT, '--handle', handle], `${user.Session}\n${answers}\n`).at(-1);
expect('a key', begun.type === 'begun');
const code = execFileSync('oathtool', ['--totp', '--base32', '-'], { input: begun.enroll.key, encoding: 'utf8' });
const result = run(['finish', '--json', '--code-stdin', '--handle', handle], code).at(-1);
expect('the Session is handed back', result.type === 'result' && result.session.length > 0 && !result.problem);

// What the library does in verifySoftwareToken after the code.
user.Session = result.session;
const answer = await ask((resolve, reject) => user.client.request('RespondToAuthChallenge', {
  ChallengeName: 'MFA_SETUP', ClientId: CLIENT, Session: user.Session, ChallengeResponses: { USERNAME: user.getUsername() },
}, (error, data) => (error ? reject(error) : resolve(data))));
user.signInUserSession = user.getCognitoUserSession(answer.AuthenticationResult);
user.cacheTokens();
expect('valid tokens of its own sign-in', user.signInUserSession.isValid());
const data = await ask((resolve, reject) => user.getUserData((error, found) => (error ? reject(error) : resolve(found))));
expect('the authenticator is active', data.UserMFASettingList.includes('SOFTWARE_TOKEN_MFA'));
expect('the next sign-in asks for a code', await signIn() === 'SOFTWARE_TOKEN_MFA');
