package admin

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// codeAmbiguous says that several users have the name.
const codeAmbiguous flow.ErrorCode = "ambiguous-user"

// find returns the user who is called name: by username, sub or an alias. One email address of several users, and a
// name that nobody has, are errors that say who may have been meant.
func (d *desk) find(ctx context.Context, name string) (cognito.User, *flow.Error) {
	u, o := d.User(ctx, name)
	switch {
	case cognito.NotFound(o.Err):
		return u, d.near(ctx, name, o.Err)
	case o.Err != nil:
		return u, o.Err
	case name == u.Username || name == u.Sub || !strings.Contains(name, "@"):
		return u, nil
	}
	// An alias leads to the user who verified it, and others may have the same address.
	page, o := d.Users(ctx, cognito.Filter{Attribute: "email", Value: name}, "", 10)
	if o.Err != nil {
		return u, o.Err
	}
	if others := slices.DeleteFunc(page.Users, func(other cognito.User) bool {
		return other.Username == u.Username
	}); len(others) > 0 {
		return u, several(name, append([]cognito.User{u}, others...))
	}
	return u, nil
}

func several(name string, users []cognito.User) *flow.Error {
	return &flow.Error{Code: codeAmbiguous, Fault: flow.Retry,
		Msg:  fmt.Sprintf("%d users have the email address %s", len(users), strconv.Quote(line(name))),
		Hint: "name one by the username: " + names(users)}
}

// near says who may have been meant by a name that nobody has. It looks five times at most, and what cannot be looked
// at is left out.
func (d *desk) near(ctx context.Context, name string, notFound *flow.Error) *flow.Error {
	var users []cognito.User
	add := func(f cognito.Filter) (found []cognito.User) {
		if f.Value == "" {
			return nil
		}
		page, o := d.Users(ctx, f, "", 0)
		if o.Err != nil {
			return nil
		}
		for _, u := range page.Users {
			if !slices.ContainsFunc(users, func(other cognito.User) bool { return other.Username == u.Username }) {
				users = append(users, u)
			}
		}
		return page.Users
	}
	local, _, isEmail := strings.Cut(name, "@")
	if isEmail {
		if same := add(cognito.Filter{Attribute: "email", Value: name}); len(same) > 1 {
			return several(name, same)
		}
	}
	if len(users) == 0 {
		begin := []rune(local)
		for n := min(len(begin), 2); n > 0 && len(users) == 0; n-- { // of a page each, the more letters the better
			text := string(begin[:n])
			add(cognito.Filter{Attribute: "username", Value: text, Prefix: true})
			add(cognito.Filter{Attribute: "email", Value: text, Prefix: true})
			users = nearest(local, users)
		}
	}
	e := *notFound
	if len(users) > 0 {
		e.Hint = "did you mean " + names(users) + "?"
	}
	return &e
}

// nearest are those who may have been meant by name, the likeliest first: a third of the letters is different, or the
// first three are the same.
func nearest(name string, users []cognito.User) []cognito.User {
	name = strings.ToLower(name)
	begin := []rune(name)
	begin = begin[:min(len(begin), 3)]
	distance := func(u cognito.User) int {
		least := math.MaxInt
		for _, text := range []string{u.Username, u.Email} {
			text, _, _ = strings.Cut(strings.ToLower(text), "@")
			n := edits([]rune(name), []rune(text))
			near := n <= max(1, len(name)/3) || strings.HasPrefix(text, string(begin))
			if text != "" && near {
				least = min(least, n)
			}
		}
		return least
	}
	users = slices.DeleteFunc(users, func(u cognito.User) bool { return distance(u) == math.MaxInt })
	slices.SortStableFunc(users, func(a, b cognito.User) int { return distance(a) - distance(b) })
	return users
}

// edits is how many letters are to be put in, left out or changed to make one text of another (Levenshtein's distance).
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// names lists usernames, with the email address where that tells more.
func names(users []cognito.User) string {
	var all []string
	for _, u := range users[:min(len(users), 5)] {
		text := strconv.Quote(line(u.Username))
		if u.Email != "" && u.Email != u.Username {
			text += " (" + line(u.Email) + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
