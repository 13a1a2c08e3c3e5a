package localpool

import (
	"encoding/base64"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// page cuts the next n items that match from items, which are in the order of seq, and the token
// that asks for what follows: seq of the last one, so that a page stays where it is when an item is
// deleted. It takes as long as the page is, and what it has to skip. A nil match takes every item.
func page[T any](items []T, seq func(T) int64, match func(T) bool, token string, n int) (part []T, next string,
	err error) {
	at := 0
	if token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return nil, "", errPage
		}
		last, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil || last < 0 {
			return nil, "", errPage
		}
		at = sort.Search(len(items), func(i int) bool { return seq(items[i]) > last })
	}
	for _, item := range items[at:] {
		if match != nil && !match(item) {
			continue
		}
		if len(part) == n {
			last := strconv.FormatInt(seq(part[n-1]), 10)
			return part, base64.RawURLEncoding.EncodeToString([]byte(last)), nil
		}
		part = append(part, item)
	}
	return part, "", nil
}

// limit is the size of a page: 60 unless less is asked for.
func limit(given *int) (int, error) {
	var v checks
	if v.between("limit", given, 0, 60); v.err() != nil {
		return 0, v.err()
	}
	if given == nil || *given == 0 {
		return 60, nil
	}
	return *given, nil
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
	v.given("maxResults", in.MaxResults != nil)
	v.between("maxResults", in.MaxResults, 1, 60)
	if err := v.err(); err != nil {
		return nil, err
	}
	pools, next, err := page(s.pools.list, func(p *pool) int64 { return p.seq }, nil, in.NextToken, *in.MaxResults)
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
	clients, next, err := page(p.clients, func(c *client) int64 { return c.seq }, nil, in.NextToken, n)
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
	if v.length("filter", in.Filter, 0, 256); v.err() != nil {
		return nil, v.err()
	}
	n, err := limit(in.Limit)
	if err != nil {
		return nil, err
	}
	match, err := parseFilter(in.Filter)
	if err != nil {
		return nil, err
	}
	users, next, err := page(p.users, func(u *user) int64 { return u.seq }, match, in.PaginationToken, n)
	if err != nil {
		return nil, err
	}
	out := &listUsersOutput{Users: []userType{}, PaginationToken: next}
	for _, u := range users {
		d := u.describe()
		if len(in.AttributesToGet) > 0 {
			d.Attributes = slices.DeleteFunc(d.Attributes, func(a attribute) bool {
				return !slices.Contains(in.AttributesToGet,
					a.Name)
			})
		}
		out.Users = append(out.Users, d)
	}
	return out, nil
}

var filterPattern = newPattern(`^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$`)

// searchable are the attributes that Filter may name ("API reference, ListUsers").
var searchable = []string{
	"username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username",
	"cognito:user_status", "status", "sub",
}

// parseFilter reads Filter: one attribute, = or ^= ("begins with"), a quoted value. An
// empty one is nil, and matches every user.
func parseFilter(filter string) (match func(*user) bool, err error) {
	if strings.TrimSpace(filter) == "" {
		return nil, nil
	}
	m := filterPattern().FindStringSubmatch(filter)
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
