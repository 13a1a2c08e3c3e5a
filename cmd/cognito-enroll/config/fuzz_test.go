package config

import (
	"strings"
	"testing"
	"time"

	"cognito-enroll/flow"
)

// FuzzScan reads anything in each format. What comes out looks real, comes from the text and is bounded, whatever went
// in.
func FuzzScan(f *testing.F) {
	const pool, client = "eu-west-1_Qm7RtX2vB", "5rk2m9vq0xw7t3hd8zb4npl61c"
	pair := "POOL_ID=" + pool + "\nCLIENT_ID=" + client + "\n"
	for _, seed := range []string{
		`COGNITO_USER_POOL_ID="${X}"`,
		"A=\"" + pair,
		"A=`" + pair + "'''" + pair,
		strings.ReplaceAll(pair, "\n", "\r"),
		strings.Repeat("[", 1000), strings.Repeat("{\"a\":", 1000),
		strings.Repeat("${", 500) + pool, strings.Repeat("<a>", 200) + pool, strings.Repeat("- ", 200) + pool,
		"\xff\xfeP\x00=\x00", "\xef\xbb\xbf" + pair,
		`{"a":{"user_pool_id":"` + pool + `","client_ids":["` + client + `"]}}`,
		`const x = { userPoolId: '` + pool + "', /* clientId: '" + client + "' } // */ }",
		"a:\n  - name: CLIENT_ID\n    value: " + client + "\n---\nb: {c: " + pool + "}\n",
		"<dict><key>PoolId</key><string>" + pool + "</string></dict><add key='ClientId' value='" + client + "'/>",
		"class A:\n  POOL_ID: str = '" + pool + "'\n  CLIENT_ID = env(\"CLIENT_ID\", \"" + client + "\")\n",
		"[a.b]\nparameter_overrides = \"UserPoolId=\\\"" + pool + "\\\" ClientId=\\\"" + client + "\\\"\"\n",
		`{"a":{"user_pool_id":"eu-west-1_Qm7Rt\2vB"}}`,
		"POOL_ID=${X:-" + pool + "}\nISSUER=https://cognito-idp.eu-west-1.amazonaws.com/" + pool + "/.well-known/jwks.json",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, ok := decode(raw)
		if !ok {
			return
		}
		lines := 1 + strings.Count(text, "\n")
		for name, of := range map[string]syntax{
			"dotenv": dotenv, "yaml": yaml, "code": code, "hcl": hcl, "xml": xml, "python": python, "script": script,
		} {
			began := time.Now()
			var c collector
			var s settings
			s.add(c.entries(file{shown: name, base: name + ".json", syntax: of}, text), "", 0)
			c.pair(&s)
			var left leftOut
			for _, candidate := range c.merged(&left) {
				pool := candidate.Pool
				if _, k := poolIn(pool); k != real || !flow.IsPoolID(pool) || !strings.Contains(text, pool) {
					t.Errorf("%s: the pool %q is offered", name, pool)
				}
				client := candidate.Client
				if client != "" && (!flow.IsClientID(client) || isFake(client) || !strings.Contains(text, client)) {
					t.Errorf("%s: the client %q is offered", name, client)
				}
				for _, source := range candidate.Sources {
					if source.Line < 1 || source.Line > lines || len(source.Name) > longestPath*(2*longestName+2) {
						t.Errorf("%s: source %+v of %d lines", name, source, lines)
					}
				}
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("%s: %s for %d bytes", name, took, len(raw))
			}
		}
	})
}

// FuzzTOML looks for the keys of anything.
func FuzzTOML(f *testing.F) {
	f.Add([]byte("[profile.a]\npool_id='x'"))
	f.Add([]byte("[[[["))
	f.Fuzz(func(t *testing.T, text []byte) { lines(text) })
}
