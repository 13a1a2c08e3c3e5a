package localpool

import (
	"slices"
	"time"
)

// group is a group of users. Its members know it, by name.
type group struct {
	pool              *pool
	seq               int64 // in order of creation, among the groups of the pool
	name              string
	description, role string
	precedence        *int // the least comes first in cognito:groups
	deleted           bool
	created, modified time.Time
}

// groupType is GroupType.
type groupType struct {
	GroupName        string
	UserPoolId       string
	Description      string `json:",omitempty"`
	RoleArn          string `json:",omitempty"`
	Precedence       *int   `json:",omitempty"`
	LastModifiedDate epoch
	CreationDate     epoch
}

func (g *group) describe() groupType {
	return groupType{g.name, g.pool.id, g.description, g.role, g.precedence, epoch(g.modified), epoch(g.created)}
}

type groupOutput struct{ Group groupType }

type groupInput struct {
	GroupName, UserPoolId string
	Description, RoleArn  string
	Precedence            *int
}

func (p *pool) group(name string) *group {
	for _, g := range p.groups {
		if g.name == name {
			return g
		}
	}
	return nil
}

// findGroup checks what names a group and finds it.
func (s *Server) findGroup(poolID, name string) (*group, error) {
	var v checks
	v.poolID(poolID)
	v.groupName(name)
	if err := v.err(); err != nil {
		return nil, err
	}
	p, err := s.findPool(poolID)
	if err != nil {
		return nil, err
	}
	if g := p.group(name); g != nil {
		s.touch(g)
		return g, nil
	}
	return nil, refuse("ResourceNotFoundException", "Group not found.")
}

func (s *Server) newGroup(p *pool, name string) *group {
	now := s.o.Now()
	p.lastGroup++
	g := &group{pool: p, seq: p.lastGroup, name: name, created: now, modified: now}
	p.groups = append(p.groups, g)
	s.touch(g)
	return g
}

func (s *Server) createGroup(in groupInput) (*groupOutput, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.groupName(in.GroupName)
	v.length("description", in.Description, 0, 2048)
	v.roleARN(in.RoleArn)
	v.between("precedence", in.Precedence, 0, 1<<31-1)
	if err := v.err(); err != nil {
		return nil, err
	}
	p, err := s.findPool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if p.group(in.GroupName) != nil {
		return nil, refuse("GroupExistsException", "A group with the name already exists.")
	}
	g := s.newGroup(p, in.GroupName)
	g.description, g.role, g.precedence = in.Description, in.RoleArn, in.Precedence
	return &groupOutput{g.describe()}, nil
}

func (s *Server) getGroup(in groupInput) (*groupOutput, error) {
	g, err := s.findGroup(in.UserPoolId, in.GroupName)
	if err != nil {
		return nil, err
	}
	return &groupOutput{g.describe()}, nil
}

// updateGroup changes what is given. Whether the service resets the rest is not documented.
func (s *Server) updateGroup(in groupInput) (*groupOutput, error) {
	var v checks
	v.length("description", in.Description, 0, 2048)
	v.roleARN(in.RoleArn)
	v.between("precedence", in.Precedence, 0, 1<<31-1)
	if err := v.err(); err != nil {
		return nil, err
	}
	g, err := s.findGroup(in.UserPoolId, in.GroupName)
	if err != nil {
		return nil, err
	}
	if in.Description != "" {
		g.description = in.Description
	}
	if in.RoleArn != "" {
		g.role = in.RoleArn
	}
	if in.Precedence != nil {
		g.precedence = in.Precedence
	}
	g.modified = s.o.Now()
	return &groupOutput{g.describe()}, nil
}

func (s *Server) deleteGroup(in groupInput) (*empty, error) {
	g, err := s.findGroup(in.UserPoolId, in.GroupName)
	if err != nil {
		return nil, err
	}
	for _, u := range g.pool.users {
		if u.leave(g.name) {
			s.touch(u)
		}
	}
	g.pool.groups = slices.DeleteFunc(g.pool.groups, func(o *group) bool { return o == g })
	g.deleted = true
	return &empty{}, nil
}

// leave reports whether u was in the group.
func (u *user) leave(name string) bool {
	i := slices.Index(u.groups, name)
	if i >= 0 {
		u.groups = slices.Delete(u.groups, i, i+1)
	}
	return i >= 0
}

// orderedGroups are those of u by precedence, then by name: the order of cognito:groups.
func (u *user) orderedGroups() []string {
	if len(u.groups) == 0 {
		return nil
	}
	rank := func(name string) int {
		if g := u.pool.group(name); g != nil && g.precedence != nil {
			return *g.precedence
		}
		return 1<<31 - 1 // without one it comes last
	}
	names := slices.Sorted(slices.Values(u.groups))
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

// roles are the IAM roles of the groups of u, and the one of the group that comes first, unless
// another has the same precedence ("Adding groups to a user pool", Developer Guide).
func (u *user) roles() (all []string, first string) {
	least, tie := -1, false
	for _, name := range u.orderedGroups() {
		g := u.pool.group(name)
		if g == nil || g.role == "" {
			continue
		}
		if !slices.Contains(all, g.role) {
			all = append(all, g.role)
		}
		if g.precedence == nil {
			continue
		}
		switch {
		case least < 0:
			least, first = *g.precedence, g.role
		case *g.precedence == least && g.role != first:
			tie = true
		}
	}
	if tie {
		first = ""
	}
	return all, first
}

type memberInput struct{ UserPoolId, Username, GroupName string }

func (s *Server) member(in memberInput) (*user, *group, error) {
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, nil, err
	}
	g, err := s.findGroup(in.UserPoolId, in.GroupName)
	return u, g, err
}

func (s *Server) adminAddUserToGroup(in memberInput) (*empty, error) {
	u, g, err := s.member(in)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(u.groups, g.name) {
		u.groups = append(u.groups, g.name)
	}
	return &empty{}, nil
}

func (s *Server) adminRemoveUserFromGroup(in memberInput) (*empty, error) {
	u, g, err := s.member(in)
	if err != nil {
		return nil, err
	}
	u.leave(g.name)
	return &empty{}, nil
}

type listGroupsOutput struct {
	Groups    []groupType
	NextToken string `json:",omitempty"`
}

type listGroupsInput struct {
	UserPoolId, Username string // Username is AdminListGroupsForUser's
	Limit                *int
	NextToken            string
}

func (s *Server) listGroups(in listGroupsInput) (*listGroupsOutput, error) {
	p, err := s.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return groupPage(p.groups, in)
}

func (s *Server) adminListGroupsForUser(in listGroupsInput) (*listGroupsOutput, error) {
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return groupPage(slices.DeleteFunc(slices.Clone(u.pool.groups),
		func(g *group) bool { return !slices.Contains(u.groups, g.name) }), in)
}

func groupPage(groups []*group, in listGroupsInput) (*listGroupsOutput, error) {
	n, err := limit(in.Limit)
	if err != nil {
		return nil, err
	}
	part, next, err := page(groups, func(g *group) int64 { return g.seq }, nil, in.NextToken, n)
	if err != nil {
		return nil, err
	}
	out := &listGroupsOutput{Groups: []groupType{}, NextToken: next}
	for _, g := range part {
		out.Groups = append(out.Groups, g.describe())
	}
	return out, nil
}

type listMembersOutput struct {
	Users     []userType
	NextToken string `json:",omitempty"`
}

func (s *Server) listUsersInGroup(in struct {
	UserPoolId, GroupName string
	Limit                 *int
	NextToken             string
}) (*listMembersOutput, error) {
	g, err := s.findGroup(in.UserPoolId, in.GroupName)
	if err != nil {
		return nil, err
	}
	n, err := limit(in.Limit)
	if err != nil {
		return nil, err
	}
	member := func(u *user) bool { return slices.Contains(u.groups, g.name) }
	users, next, err := page(g.pool.users, func(u *user) int64 { return u.seq }, member, in.NextToken, n)
	if err != nil {
		return nil, err
	}
	out := &listMembersOutput{Users: []userType{}, NextToken: next}
	for _, u := range users {
		out.Users = append(out.Users, u.describe())
	}
	return out, nil
}
