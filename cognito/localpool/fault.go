package localpool

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Fault makes the pool misbehave on demand. In JSON it is
//
//	{"kind":"lost-response","operation":"VerifySoftwareToken","skip":1,"times":2}
//
// and the endpoint /_faults, which is no part of Cognito's protocol, takes a list of them by PUT,
// shows those that are still to come by GET and forgets them by DELETE.
type Fault struct {
	Kind      FaultKind `json:"kind"`
	Operation string    `json:"operation,omitempty"` // "VerifySoftwareToken"; any if empty
	Skip      int       `json:"skip,omitempty"`      // calls that go well before
	Times     int       `json:"times,omitempty"`     // calls that do not; 0 is one, -1 is all that follow
	Seconds   float64   `json:"seconds,omitempty"`   // of Slow and SkewedDate
}

// FaultKind says what goes wrong.
type FaultKind string

const (
	LostResponse   FaultKind = "lost-response"   // it is carried out, then the connection is cut without an answer
	InternalError  FaultKind = "internal-error"  // 500 InternalErrorException; nothing is carried out
	Throttle       FaultKind = "throttle"        // 400 TooManyRequestsException
	WAF            FaultKind = "waf"             // 403 ForbiddenException
	HTML           FaultKind = "html"            // 200 and the page of a captive portal
	Slow           FaultKind = "slow"            // it takes Seconds longer
	ExpiredSession FaultKind = "expired-session" // the Session or access token has expired
	StatusError    FaultKind = "status-error"    // VerifySoftwareToken answers 200 with the Status ERROR
	// the pool's clock, and with it the header Date, is Seconds ahead from now on
	SkewedDate    FaultKind = "skewed-date"
	SafeAssociate FaultKind = "safe-associate" // from now on as with PoolSeed.SafeReassociate, in all pools
)

var faultKinds = []FaultKind{
	LostResponse, InternalError, Throttle, WAF, HTML, Slow, ExpiredSession, StatusError, SkewedDate, SafeAssociate,
}

// faults are those still to come. They have a lock of their own: a slow call must not hold up others.
type faults struct {
	mu   sync.Mutex
	list []Fault
	skew time.Duration
	safe bool
}

// Inject adds a fault. Its error says that the kind is unknown.
func (s *Server) Inject(f Fault) error {
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("there is no fault %q", f.Kind)
	}
	if f.Times == 0 {
		f.Times = 1
	}
	switch f.Kind {
	case SafeAssociate:
		s.faults.mu.Lock()
		s.faults.safe = true
		s.faults.mu.Unlock()
	case SkewedDate:
		s.faults.mu.Lock()
		s.faults.skew = time.Duration(f.Seconds * float64(time.Second))
		s.faults.mu.Unlock()
	default:
		s.faults.mu.Lock()
		s.faults.list = append(s.faults.list, f)
		s.faults.mu.Unlock()
	}
	return nil
}

// Recover forgets all faults, those of the clock included.
func (s *Server) Recover() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list, s.faults.skew, s.faults.safe = nil, 0, false
}

// Now is the pool's time: that of Options.Now, moved by SkewedDate.
func (s *Server) Now() time.Time { return s.o.Now() }

func (f *faults) ahead() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.skew
}

func (f *faults) safeReassociate() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.safe
}

// next counts a call of operation and returns the fault to inject into it, if one does.
func (f *faults) next(operation string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.list {
		this := &f.list[i]
		if this.Operation != "" && this.Operation != operation {
			continue
		}
		if this.Skip > 0 {
			this.Skip--
			continue
		}
		struck := *this
		if this.Times > 0 {
			if this.Times--; this.Times == 0 {
				f.list = slices.Delete(f.list, i, i+1)
			}
		}
		return struck, true
	}
	return Fault{}, false
}

// inject lets f happen to the call with this body. It reports whether the call is answered by that;
// otherwise it goes on as usual.
func (s *Server) inject(w http.ResponseWriter, r *http.Request, f Fault, body []byte) bool {
	w.Header().Set("X-Amzn-Requestid", s.requestID())
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	switch f.Kind {
	case LostResponse:
		s.answer(r.Header, body, nil)
		panic(http.ErrAbortHandler) // net/http closes the connection
	case InternalError:
		writeError(w, errInternal)
	case Throttle:
		writeError(w, refuse("TooManyRequestsException", "Rate exceeded"))
	case WAF:
		writeError(w, &apiError{http.StatusForbidden, "ForbiddenException", "Request not allowed due to WAF block."})
	case HTML:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!DOCTYPE html><title>Welcome</title><p>Please log in to this network.\n")
	case Slow:
		select {
		case <-s.o.After(time.Duration(f.Seconds * float64(time.Second))):
			return false
		case <-r.Context().Done():
		}
	case ExpiredSession:
		var grant struct{ Session, AccessToken string }
		switch json.Unmarshal(body, &grant); {
		case grant.AccessToken != "":
			writeError(w, errAccessExpired)
		case grant.Session != "":
			writeError(w, errSessionExpired)
		default:
			return false
		}
	case StatusError:
		w.Write(encode(map[string]string{"Status": "ERROR"}))
	}
	return true
}

func (s *Server) requestID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newUUID()
}

// serveFaults is the endpoint /_faults.
func (s *Server) serveFaults(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPut:
		var list []Fault
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&list)
		for _, f := range list {
			err = errors.Join(err, s.Inject(f))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	case http.MethodDelete:
		s.Recover()
	case http.MethodGet:
		s.faults.mu.Lock()
		list := append([]Fault{}, s.faults.list...)
		s.faults.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.Write(append(encode(list), '\n'))
		return
	default:
		http.Error(w, "PUT, GET or DELETE", http.StatusMethodNotAllowed)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
