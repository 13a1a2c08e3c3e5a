// Verifies the tokens of `cognito-enroll pool --issuer endpoint` with the libraries of others, as
// docs/local-pool.md says. ISSUER, CLIENT, ACCESS and ID come from the environment.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { createPublicKey, verify } from "node:crypto";

const require = createRequire(process.env.MODULES);
const { ISSUER: issuer, CLIENT: clientId, ACCESS: access, ID: id } = process.env;
const jwksUri = `${issuer}/.well-known/jwks.json`;

const { JwtVerifier } = require("aws-jwt-verify");
const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri });
verifier.cacheJwks(await (await fetch(jwksUri)).json());
assert.equal((await verifier.verify(access)).client_id, clientId);
const ids = JwtVerifier.create({ issuer, audience: clientId, jwksUri });
ids.cacheJwks(await (await fetch(jwksUri)).json());
assert.equal((await ids.verify(id)).token_use, "id");
await assert.rejects(verifier.verify(access.slice(0, -8) + "AAAAAAAA"));
if (issuer.startsWith("https:")) { // and with the keys that it fetches itself
  assert.equal((await JwtVerifier.create({ issuer, audience: null, jwksUri }).verify(access)).iss, issuer);
}

const { discovery, allowInsecureRequests } = await import(require.resolve("openid-client"));
const config = await discovery(new URL(issuer), clientId, undefined, undefined, { execute: [allowInsecureRequests] });
assert.equal(config.serverMetadata().issuer, issuer);
assert.equal(config.serverMetadata().jwks_uri, jwksUri);

const jwksClient = require("jwks-rsa");
const [header, payload, signature] = access.split(".");
const { kid } = JSON.parse(Buffer.from(header, "base64url"));
const key = await jwksClient({ jwksUri }).getSigningKey(kid);
assert(verify("RSA-SHA256", Buffer.from(`${header}.${payload}`), createPublicKey(key.getPublicKey()), Buffer.from(signature, "base64url")));
console.log(`tokens of ${issuer} verify`);
