package localpool

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// page cuts the next n items, and the token that asks for what follows: the place at
// which to go on, since nothing here is ever deleted.
func page[T any](items []T, token string, n int) (part []T, next string, err error) {
	at := 0
	if token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return nil, "", errPage
		}
		if at, err = strconv.Atoi(string(text)); err != nil || at < 0 || at > len(items) {
			return nil, "", errPage
		}
	}
	end := min(at+n, len(items))
	if end < len(items) {
		next = base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(end)))
	}
	return items[at:end], next, nil
}

type poolDescription struct {
	Id, Name         string
	CreationDate     epoch
	LastModifiedDate epoch
}

type listPoolsOutput struct {
	UserPools []poolDescription
	NextToken string `json:",omitempty"`
}

func (s *Server) listUserPools(in struct {
	MaxResults *int
	NextToken  string
}) (*listPoolsOutput, error) {
	var v checks
	if in.MaxResults == nil {
		v.required("maxResults", "")
	}
	v.between("maxResults", in.MaxResults, 1, 60)
	if err := v.err(); err != nil {
		return nil, err
	}
	pools, next, err := page(s.pools, in.NextToken, *in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &listPoolsOutput{UserPools: []poolDescription{}, NextToken: next}
	for _, p := range pools {
		out.UserPools = append(out.UserPools, poolDescription{p.id, p.name, epoch(p.created), epoch(p.modified)})
	}
	return out, nil
}

type clientDescription struct{ ClientId, UserPoolId, ClientName string }

type listClientsOutput struct {
	UserPoolClients []clientDescription
	NextToken       string `json:",omitempty"`
}

func (s *Server) listUserPoolClients(in struct {
	UserPoolId string
	MaxResults *int
	NextToken  string
}) (*listClientsOutput, error) {
	p, err := s.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	var v checks
	v.between("maxResults", in.MaxResults, 1, 60)
	if err := v.err(); err != nil {
		return nil, err
	}
	n := 60
	if in.MaxResults != nil {
		n = *in.MaxResults
	}
	clients, next, err := page(p.clients, in.NextToken, n)
	if err != nil {
		return nil, err
	}
	out := &listClientsOutput{UserPoolClients: []clientDescription{}, NextToken: next}
	for _, c := range clients {
		out.UserPoolClients = append(out.UserPoolClients, clientDescription{c.id, p.id, c.name})
	}
	return out, nil
}

type listUsersOutput struct {
	Users           []userType
	PaginationToken string `json:",omitempty"`
}

func (s *Server) listUsers(in struct {
	UserPoolId      string
	AttributesToGet []string
	Limit           *int
	PaginationToken string
	Filter          string
}) (*listUsersOutput, error) {
	p, err := s.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	var v checks
	v.between("limit", in.Limit, 0, 60)
	if err := v.err(); err != nil {
		return nil, err
	}
	n := 60
	if in.Limit != nil && *in.Limit > 0 {
		n = *in.Limit
	}
	match, err := parseFilter(in.Filter)
	if err != nil {
		return nil, err
	}
	matching := slices.DeleteFunc(slices.Clone(p.users), func(u *user) bool { return !match(u) })
	users, next, err := page(matching, in.PaginationToken, n)
	if err != nil {
		return nil, err
	}
	out := &listUsersOutput{Users: []userType{}, PaginationToken: next}
	for _, u := range users {
		d := u.describe()
		if len(in.AttributesToGet) > 0 {
			d.Attributes = slices.DeleteFunc(d.Attributes, func(a attribute) bool { return !slices.Contains(in.AttributesToGet, a.Name) })
		}
		out.Users = append(out.Users, d)
	}
	return out, nil
}

var filterPattern = regexp.MustCompile(`^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$`)

// searchable are the attributes that Filter may name ("API reference, ListUsers").
var searchable = []string{
	"username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username",
	"cognito:user_status", "status", "sub",
}

// parseFilter reads Filter: one attribute, = or ^= ("begins with"), a quoted value. An
// empty one matches every user.
func parseFilter(filter string) (match func(*user) bool, err error) {
	if strings.TrimSpace(filter) == "" {
		return func(*user) bool { return true }, nil
	}
	m := filterPattern.FindStringSubmatch(filter)
	if m == nil || !slices.Contains(searchable, m[1]) {
		return nil, errFilter
	}
	name, value := m[1], strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(m[3])
	return func(u *user) bool {
		have := u.searchValue(name)
		if m[2] == "^=" {
			return strings.HasPrefix(have, value)
		}
		return have == value
	}, nil
}

func (u *user) searchValue(name string) string {
	switch name {
	case "username":
		return u.username
	case "sub":
		return u.sub
	case "cognito:user_status":
		return u.status
	case "status":
		if u.enabled {
			return "Enabled"
		}
		return "Disabled"
	}
	return u.attribute(name)
}
