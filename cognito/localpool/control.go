package localpool

import (
	"net/http"
	"slices"
)

// mostMessages is how many of the newest messages are kept for /_messages.
const mostMessages = 1000

// keepMessage remembers m, while mu is held.
func (s *Server) keepMessage(m Message) {
	if s.o.NoControl {
		return
	}
	if len(s.messages) == mostMessages {
		s.messages = slices.Delete(s.messages, 0, mostMessages/2)
	}
	s.messages = append(s.messages, m)
}

// Messages are the newest messages that the pools sent, oldest first: to the user called username,
// or to everybody if that is empty. At most 1000 are kept.
func (s *Server) Messages(username string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	messages := []Message{}
	for _, m := range s.messages {
		if username == "" || m.Username == username {
			messages = append(messages, m)
		}
	}
	return messages
}

// serveMessages is the endpoint /_messages.
func (s *Server) serveMessages(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		w.Header().Set("Content-Type", "application/json")
		w.Write(append(encode(s.Messages(r.URL.Query().Get("username"))), '\n'))
	case http.MethodDelete:
		s.mu.Lock()
		s.messages = nil
		s.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	default:
		http.Error(w, "GET or DELETE", http.StatusMethodNotAllowed)
	}
}

// serveHealth is the endpoint /_health: the server is there once it answers.
func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte("{\"status\":\"ok\"}\n"))
}
