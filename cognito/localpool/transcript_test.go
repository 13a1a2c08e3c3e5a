package localpool

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"cognito-enroll/cognito/srp"
)

// TestTranscripts replays the conversations in testdata/transcripts: an operation and its request,
// the status and the body that come back. Rewrite them with -rewrite, and read what
// changed.
//
// What is long or secret in an answer is given a name, by which later requests mean
// it: S1 the first Session, ACCESS2 the second access token, SECRET1, BLOCK1, and so
// on; STANDARD is the schema that every pool has. A request may also say
//
//	CODE, CODE+1, CODE-2   the code of the newest secret, now or so many periods away
//	WRONG                  six digits that no period around now has
//	A, SIGNATURE:password, TIMESTAMP   the client half of SRP, now
//	SIGNATURE:password|timestamp       the same over another TIMESTAMP
//	HASH:client:secret:name            SECRET_HASH
//	VERIFIER:password, SALT            of a password for the newest device
//
// A code that is sent is shown before the answer, and called MAIL1, MAIL2 and so on.
//
// Other commands: "seed" (a Seed, answered with what was drawn), "new" (start
// over), "advance 30s". Operations that must be signed are,
// unless the word "unsigned" follows.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		tr := newTranscript(t, Options{})
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "new" {
				tr = newTranscript(t, Options{})
				return ""
			}
			return tr.run(t, d)
		})
	})
}

type transcript struct {
	*rig
	names     map[string]string // name to text
	count     map[string]int
	client    *srp.Client
	challenge srp.Challenge
	verifier  srp.Verifier
	mail      strings.Builder // not shown yet
}

func newTranscript(t *testing.T, o Options) *transcript {
	tr := &transcript{names: map[string]string{}, count: map[string]int{}}
	o.Deliver = func(m Message) {
		tr.count["MAIL"]++
		name := fmt.Sprint("MAIL", tr.count["MAIL"])
		tr.names[name] = m.Code
		fmt.Fprintf(&tr.mail, "%s to %s: %s\n", m.Medium, m.Destination, name)
	}
	tr.rig = newRig(t, o)
	return tr
}

func (tr *transcript) run(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "advance":
		by, err := time.ParseDuration(d.CmdArgs[0].Key)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		tr.clock.advance(by)
		return tr.clock.Now().Format(time.TimeOnly) + "\n"
	case "seed":
		var seed Seed
		if err := json.Unmarshal([]byte(d.Input), &seed); err != nil {
			d.Fatalf(t, "%v", err)
		}
		seed, err := tr.Seed(seed)
		if err != nil {
			return err.Error() + "\n"
		}
		for _, p := range seed.Pools {
			for _, u := range p.Users {
				if u.TOTP != nil {
					tr.name("SECRET", u.TOTP.Secret)
				}
			}
		}
		return ""
	}
	header := http.Header{}
	if tr.operations[d.Cmd].signed && !d.HasArg("unsigned") {
		header.Set("Authorization", signature)
	}
	resp, body := tr.post(t, d.Cmd, tr.fill(t, d.Input), header)
	defer tr.mail.Reset()
	return fmt.Sprintf("%s%d %s\n", tr.mail.String(), resp.StatusCode, tr.mask(body))
}

var word = regexp.MustCompile(`:"(A|TIMESTAMP|WRONG|CODE([+-]\d+)?|SIGNATURE:[^"]*|HASH:[^"]*|VERIFIER:[^"]*|SALT|[A-Z]+\d+)"`)

func (tr *transcript) fill(t *testing.T, request string) string {
	return word.ReplaceAllStringFunc(request, func(quoted string) string {
		name := strings.Trim(quoted, `:"`)
		kind, rest, _ := strings.Cut(name, ":")
		text, known := tr.names[name]
		switch {
		case known:
		case kind == "A":
			client, err := srp.NewClient(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			tr.client, text = client, client.A()
		case kind == "TIMESTAMP":
			text = srp.Timestamp(tr.clock.Now())
		case kind == "SIGNATURE":
			var err error
			password, timestamp, given := strings.Cut(rest, "|")
			if !given {
				timestamp = srp.Timestamp(tr.clock.Now())
			}
			if text, err = tr.client.Sign(tr.challenge, password, timestamp); err != nil {
				t.Fatal(err)
			}
		case kind == "HASH":
			p := strings.SplitN(rest, ":", 3)
			if id := tr.names[p[0]]; id != "" {
				p[0] = id
			}
			mac := hmac.New(sha256.New, []byte(p[1]))
			mac.Write([]byte(p[2] + p[0]))
			text = base64.StdEncoding.EncodeToString(mac.Sum(nil))
		case kind == "VERIFIER":
			v, err := srp.NewVerifier(rand.Reader, tr.newest("GROUP"), tr.newest("DEVICE"), rest)
			if err != nil {
				t.Fatal(err)
			}
			tr.verifier = v
			text = base64.StdEncoding.EncodeToString(append([]byte{0}, v.V[:]...))
		case kind == "SALT":
			text = base64.StdEncoding.EncodeToString(tr.verifier.Salt[:])
		case kind == "WRONG":
			text = tr.wrongCode()
		case strings.HasPrefix(kind, "CODE"):
			var n int64
			fmt.Sscanf(name, "CODE%d", &n)
			text = tr.code(n)
		default:
			return quoted
		}
		b, _ := json.Marshal(text)
		return ":" + string(b)
	})
}

func (tr *transcript) code(offset int64) string {
	token := softwareToken{secret: tr.newest("SECRET")}
	return token.code(tr.clock.Now().Unix()/period + offset)
}

func (tr *transcript) newest(kind string) string {
	return tr.names[fmt.Sprint(kind, tr.count[kind])]
}

func (tr *transcript) wrongCode() string {
	near := map[string]bool{}
	for n := int64(-3); n <= 3; n++ {
		near[tr.code(n)] = true
	}
	for i := 0; ; i++ {
		if code := fmt.Sprintf("%06d", i); !near[code] {
			return code
		}
	}
}

func (tr *transcript) name(kind, text string) string {
	for name, known := range tr.names {
		if known == text {
			return name
		}
	}
	tr.count[kind]++
	name := fmt.Sprint(kind, tr.count[kind])
	tr.names[name] = text
	return name
}

var (
	member = regexp.MustCompile(`"(Session|SecretCode|AccessToken|IdToken|RefreshToken|SECRET_BLOCK|SALT|SRP_B|ClientSecret|Id|ClientId|DeviceKey|DEVICE_KEY|DeviceGroupKey)":"([^"]*)"`)
	uuids  = regexp.MustCompile(`"([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"`)
	kinds  = map[string]string{
		"Session": "S", "SecretCode": "SECRET", "AccessToken": "ACCESS", "IdToken": "ID", "RefreshToken": "REFRESH",
		"SECRET_BLOCK": "BLOCK",
		"SALT":         "SALT", "SRP_B": "B", "ClientSecret": "CLIENTSECRET", "Id": "POOL", "ClientId": "CLIENT",
		"DeviceKey": "DEVICE", "DEVICE_KEY": "DEVICE", "DeviceGroupKey": "GROUP",
	}
)

// standardText is the schema of a pool that changes nothing about it.
var standardText = strings.Trim(string(encode(standardSchema())), "[]")

func (tr *transcript) mask(body string) string {
	var out struct{ ChallengeParameters map[string]string }
	if json.Unmarshal([]byte(body), &out); out.ChallengeParameters["SRP_B"] != "" {
		c := out.ChallengeParameters
		tr.challenge = srp.Challenge{Pool: "Demo12345", UserID: c["USER_ID_FOR_SRP"], Salt: c["SALT"], B: c["SRP_B"],
			SecretBlock: c["SECRET_BLOCK"]}
		if c["DEVICE_KEY"] != "" {
			tr.challenge.Pool, tr.challenge.UserID = tr.newest("GROUP"), c["DEVICE_KEY"]
		}
	}
	body = member.ReplaceAllStringFunc(body, func(m string) string {
		p := member.FindStringSubmatch(m)
		if slices.Contains([]string{"seconds", "minutes", "hours", "days"}, p[2]) { // TokenValidityUnits
			return m
		}
		return fmt.Sprintf("%q:%q", p[1], tr.name(kinds[p[1]], p[2]))
	})
	body = uuids.ReplaceAllStringFunc(body, func(m string) string {
		return fmt.Sprintf("%q", tr.name("UUID", strings.Trim(m, `"`)))
	})
	body = strings.ReplaceAll(body, standardText, `"STANDARD"`)
	for name, text := range tr.names { // in messages and names
		if len(text) >= 9 {
			body = strings.ReplaceAll(body, text, name)
		}
	}
	return body
}
