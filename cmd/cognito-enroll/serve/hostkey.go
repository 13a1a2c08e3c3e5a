package serve

import (
	"crypto"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	gossh "golang.org/x/crypto/ssh"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// hostKey is what visitors know this host by.
type hostKey struct {
	gossh.Signer
	audit []byte // the key of the hashes of usernames
	fresh bool   // it was made just now
}

// readHostKey reads the key in a file, which only its owner may read, or makes one there.
func readHostKey(t *terminal.Terminal, name string) (hostKey, error) {
	fresh := false
	file, err := t.OpenPrivate(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeHostKey(name); err != nil {
			return hostKey{}, exit.AsUsage(err, "name a file with --host-key where one can be made")
		}
		fresh = true
		file, err = t.OpenPrivate(name)
	}
	if err != nil {
		return hostKey{}, err
	}
	defer file.Close()
	const most = 64 << 10
	text, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return hostKey{}, exit.AsUsage(err, "check --host-key")
	}
	raw, err := gossh.ParseRawPrivateKey(text)
	if err != nil {
		return hostKey{}, exit.Usagef("name a private key without a passphrase, as ssh-keygen -t ed25519 makes it",
			"%q is not an SSH host key that can be used", name)
	}
	if key, ok := raw.(*ed25519.PrivateKey); ok {
		raw = *key
	}
	signer, err := gossh.NewSignerFromKey(raw)
	if err != nil {
		return hostKey{}, exit.AsUsage(err, "name an ed25519, ECDSA or RSA key with --host-key")
	}
	if kind := signer.PublicKey().Type(); sshfp[kind] == 0 {
		return hostKey{}, exit.Usagef("name an ed25519, ECDSA or RSA key", "%q is a key of the kind %s", name, kind)
	}
	if key, ok := raw.(*rsa.PrivateKey); ok {
		const least = 2048 // bits
		if key.N.BitLen() < least {
			return hostKey{}, exit.Usagef("make another, with ssh-keygen -t ed25519", "the RSA key in %q is too short", name)
		}
		// The other algorithm of RSA keys signs a hash of SHA-1.
		signer, err = gossh.NewSignerWithAlgorithms(signer.(gossh.AlgorithmSigner),
			[]string{gossh.KeyAlgoRSASHA256, gossh.KeyAlgoRSASHA512})
		if err != nil {
			return hostKey{}, err
		}
	}
	audit, err := auditKey(raw)
	return hostKey{Signer: signer, audit: audit, fresh: fresh}, err
}

// makeHostKey writes a new ed25519 key to a file that must not be there.
func makeHostKey(name string) error {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	block, err := gossh.MarshalPrivateKey(key, "cognito-enroll")
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = errors.Join(pem.Encode(file, block), file.Sync(), file.Close())
	if err != nil {
		os.Remove(name)
	}
	return err
}

// auditKey derives a key of its own from the host key, so that all processes with one host key write the same
// hashes.
func auditKey(raw crypto.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(raw)
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, der, nil, "cognito-enroll serve: usernames in audit lines", sha256.Size)
}

// sshfp are the numbers of RFC 4255, RFC 6594 and RFC 7479 for the algorithms of keys.
var sshfp = map[string]int{
	gossh.KeyAlgoRSA: 1, gossh.KeyAlgoECDSA256: 3, gossh.KeyAlgoECDSA384: 3, gossh.KeyAlgoECDSA521: 3,
	gossh.KeyAlgoED25519: 4,
}

// lines say what visitors compare the key with.
func (k hostKey) lines(host, file string) (lines []string) {
	public := k.PublicKey()
	if k.fresh {
		lines = append(lines, fmt.Sprintf(
			"NEW host key in %q: keep it, or every visitor is warned of an impostor at the next start", file))
	}
	return append(lines,
		fmt.Sprintf("host key %s (%s)", gossh.FingerprintSHA256(public), public.Type()),
		fmt.Sprintf("for DNS: %s. IN SSHFP %d 2 %x", host, sshfp[public.Type()], sha256.Sum256(public.Marshal())))
}
