package flow

import (
	"net/url"
	"strings"
	"time"
)

// KeyURI builds the otpauth URI that authenticator apps scan:
//
//	otpauth://totp/Issuer:account?secret=BASE32&issuer=Issuer
//
// The parameters algorithm, digits and period are left out: SHA1, 6 and 30 are Cognito's values and
// every app's defaults (github.com/google/google-authenticator/wiki/Key-Uri-Format).
func KeyURI(issuer, account string, key Secret) Secret {
	return NewSecret(shortURI(issuer, account, key).Reveal() + "&issuer=" + escape(Label(issuer)))
}

// shortURI leaves the issuer to the label, where apps that know no parameter of that name have it
// from.
func shortURI(issuer, account string, key Secret) Secret {
	return NewSecret("otpauth://totp/" + escape(Label(issuer)) + ":" + escape(Label(account)) + "?secret=" + key.Reveal())
}

// shorter returns what makes a smaller QR code than KeyURI: first without saying the issuer twice,
// and last with an account that is visibly cut. A date at its end stays: it tells the entry from an older one.
func shorter(issuer, account string, key Secret) []Entry {
	const most = 16 // characters
	entries := []Entry{{shortURI(issuer, account, key), Label(account)}}
	if r := []rune(Label(account)); len(r) > most {
		end := string(r[len(r)-len(dated):])
		if _, err := time.Parse(dated, end); err != nil {
			end = ""
		}
		cut := string(r[:most-1-len(end)]) + "…" + end
		entries = append(entries, Entry{shortURI(issuer, cut, key), cut})
	}
	return entries
}

// Label returns name as it may stand in a key URI. A colon separates issuer and account there, so
// one inside a name becomes a hyphen (FreeOTP refuses such a code, Aegis drops the issuer); runs of
// white space become one space, and what cannot be printed is dropped.
func Label(name string) string {
	name = strings.ReplaceAll(name, ":", "-")
	name = strings.Join(strings.Fields(name), " ")
	return strings.ReplaceAll(Printable(name), "\uFFFD", "")
}

// escape percent-encodes everything but unreserved characters. A space is %20: several apps show a
// "+" as it is (pyauth/pyotp#47), and the one of url.PathEscape leaves & and + alone.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
