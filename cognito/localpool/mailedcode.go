package localpool

import (
	"crypto/subtle"
	"time"
)

// codeDelivery is CodeDeliveryDetailsType.
type codeDelivery struct{ AttributeName, DeliveryMedium, Destination string }

type deliveryOutput struct{ CodeDeliveryDetails codeDelivery }

func (c contact) delivery() codeDelivery {
	return codeDelivery{c.attribute, c.medium(), c.masked()}
}

// mailedCode is a code that was sent, good once and for a while.
type mailedCode struct {
	to      contact
	text    string
	expires time.Time
	wrong   int // answers
}

// mail sends a code of six digits, which says that its reader owns to.
func (s *Server) mail(to contact, life time.Duration) *mailedCode {
	code := &mailedCode{to: to, text: s.newText(digits, 6), expires: s.o.Now().Add(life)}
	s.send(to, code.text)
	return code
}

// mostWrong is how many wrong codes are answered as such. Cognito documents 5 to 20 an
// hour ("Quotas in Amazon Cognito", Developer Guide).
const mostWrong = 5

// try judges an answer; nil is a code that was never sent.
func (m *mailedCode) try(text string, now time.Time) error {
	switch {
	case m == nil || !now.Before(m.expires):
		return errCodeExpired
	case m.wrong >= mostWrong:
		return errLimit
	case subtle.ConstantTimeCompare([]byte(text), []byte(m.text)) != 1:
		m.wrong++
		return errCodeWrong
	default:
		return nil
	}
}
