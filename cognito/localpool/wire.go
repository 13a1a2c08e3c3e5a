package localpool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	strict "github.com/go-jose/go-jose/v4/json"
)

var authorization = newPattern(`^AWS4-HMAC-SHA256 Credential=[^/, ]+/\d{8}/[\w-]+/([\w-]+)/aws4_request, ?SignedHeaders=[\w;-]+, ?Signature=[0-9a-f]{64}$`)

// checkAuthorization wants a header of Signature Version 4 for this service ("Elements
// of an AWS API request signature", IAM User Guide). Whose credentials they are, and so
// whether the signature is right, it cannot know.
func checkAuthorization(header string) error {
	if header == "" {
		return errUnsigned
	}
	m := authorization().FindStringSubmatch(header)
	if m == nil {
		return errMalformedAuth
	}
	if m[1] != "cognito-idp" {
		return errWrongService
	}
	return nil
}

// writeError writes the code twice, as Cognito does: in the body, and in a header
// where a colon follows it.
func writeError(w http.ResponseWriter, err error) {
	e := errInternal
	errors.As(err, &e)
	w.Header().Set("X-Amzn-Errortype", e.code+":")
	if e.message != "" {
		w.Header().Set("X-Amzn-Errormessage", headerText(e.message))
	}
	w.WriteHeader(e.status)
	w.Write(encode(struct {
		Type    string `json:"__type"`
		Message string `json:"message,omitempty"`
	}{e.code, e.message}))
}

// headerText makes a message, which may quote what the client sent, fit for a header.
func headerText(message string) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, message)
	return text[:min(len(text), 1024)]
}

// decode reads a request. Unlike package json alone it tells members apart by their case, and refuses one that is
// there twice; that package, on the other hand, limits how deep a request may nest.
func decode(body []byte, v any) error {
	if !json.Valid(body) {
		return errors.New("this is no JSON")
	}
	return strict.Unmarshal(body, v)
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("localpool: a %T cannot be JSON: %v", v, err)) // a type of ours is wrong
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
