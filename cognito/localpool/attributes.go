package localpool

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// attributeCodeLife is how long a code of GetUserAttributeVerificationCode is good for ("Quotas in
// Amazon Cognito", Developer Guide).
const attributeCodeLife = 24 * time.Hour

// changeAttributes checks and makes a change to a user who exists. A new address is not verified,
// unless the same change says so.
func (s *Server) changeAttributes(u *user, given []attribute) error {
	if err := u.pool.checkAttributes(given); err != nil {
		return err
	}
	unverified := []attribute{}
	for _, a := range given {
		old := u.attribute(a.Name)
		switch schema := u.pool.schemaOf(a.Name); {
		case a.Name == "sub", !schema.Mutable && old != "" && a.Value != old:
			return invalidParameter("user.%s: Attribute cannot be updated.", a.Name)
		case schema.Required && a.Value == "":
			return errRequiredAttribute(a.Name)
		case a.Name == "preferred_username":
			if err := u.checkAlias(a.Name, a.Value); err != nil {
				return err
			}
		case slices.Contains(contacts, a.Name) && a.Value != old:
			if slices.Contains(u.pool.usernameAttributes, a.Name) {
				if err := u.checkAlias(a.Name, a.Value); err != nil {
					return err
				}
			}
			verified := a.Name + "_verified"
			if !slices.ContainsFunc(given, func(a attribute) bool { return a.Name == verified }) &&
				u.attribute(verified) != "" {
				unverified = append(unverified, attribute{verified, "false"})
			}
		}
	}
	for _, name := range contacts {
		if i := slices.IndexFunc(given, func(a attribute) bool { return a.Name == name+"_verified" }); i >= 0 &&
			isTrue(given[i].Value) {
			address := u.attribute(name)
			if j := slices.IndexFunc(given, func(a attribute) bool { return a.Name == name }); j >= 0 {
				address = given[j].Value
			}
			if err := u.checkAlias(name, address); err != nil {
				return err
			}
		}
	}
	u.setAttributes(append(unverified, given...))
	u.modified = s.o.Now()
	return nil
}

func errRequiredAttribute(name string) error {
	return invalidParameter("Attributes did not conform to the schema: %s: The attribute is required\n", name)
}

func errAliasExists(name string) error {
	return refuse("AliasExistsException", "An account with the %s already exists.", name)
}

func (s *Server) adminUpdateUserAttributes(in struct {
	UserPoolId, Username string
	UserAttributes       []attribute
}) (*empty, error) {
	var v checks
	if v.given("userAttributes", in.UserAttributes != nil); v.err() != nil {
		return nil, v.err()
	}
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return &empty{}, s.changeAttributes(u, in.UserAttributes)
}

type attributeNames struct{ UserAttributeNames []string }

func (in attributeNames) check() error {
	var v checks
	v.given("userAttributeNames", in.UserAttributeNames != nil)
	return v.err()
}

// removal is the change that takes the attributes away.
func (in attributeNames) removal() []attribute {
	var gone []attribute
	for _, name := range in.UserAttributeNames {
		gone = append(gone, attribute{Name: name})
		if slices.Contains(contacts, name) {
			gone = append(gone, attribute{Name: name + "_verified"})
		}
	}
	return gone
}

func (s *Server) adminDeleteUserAttributes(in struct {
	UserPoolId, Username string
	attributeNames
}) (*empty, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return &empty{}, s.changeAttributes(u, in.removal())
}

func (s *Server) deleteUserAttributes(in struct {
	AccessToken string
	attributeNames
}) (*empty, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	g, err := s.signedIn(in.AccessToken)
	if err != nil {
		return nil, err
	}
	for _, name := range in.UserAttributeNames {
		if !g.client.writes(name) {
			return nil, errForbiddenAttribute
		}
	}
	return &empty{}, s.changeAttributes(g.user, in.removal())
}

type updateAttributesOutput struct{ CodeDeliveryDetailsList []codeDelivery }

// updateUserAttributes sends a code to every new address that the pool verifies by itself, or that
// it wants to be verified before it counts.
func (s *Server) updateUserAttributes(in struct {
	AccessToken    string
	UserAttributes []attribute
}) (*updateAttributesOutput, error) {
	var v checks
	if v.given("userAttributes", in.UserAttributes != nil); v.err() != nil {
		return nil, v.err()
	}
	g, err := s.signedIn(in.AccessToken)
	if err != nil {
		return nil, err
	}
	u := g.user
	for _, a := range in.UserAttributes {
		if !g.client.writes(a.Name) {
			return nil, errForbiddenAttribute
		}
	}
	if err := u.pool.checkAttributes(in.UserAttributes); err != nil {
		return nil, err
	}
	out := &updateAttributesOutput{[]codeDelivery{}}
	var now []attribute
	send := map[string]contact{}
	for _, a := range in.UserAttributes {
		later := slices.Contains(u.pool.verifyFirst, a.Name)
		if slices.Contains(contacts, a.Name) && a.Value != "" && a.Value != u.attribute(a.Name) && (later ||
			slices.Contains(u.pool.autoVerified, a.Name)) {
			send[a.Name] = contact{u.username, a.Name, a.Value}
		}
		if !later || a.Value == "" {
			now = append(now, a)
		}
	}
	if err := s.changeAttributes(u, now); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(send)) {
		s.sendVerification(u, send[name])
		out.CodeDeliveryDetailsList = append(out.CodeDeliveryDetailsList, send[name].delivery())
	}
	return out, nil
}

func (s *Server) sendVerification(u *user, to contact) {
	if u.verifications == nil {
		u.verifications = make(map[string]*mailedCode)
	}
	u.verifications[to.attribute] = s.mail(to, attributeCodeLife)
}

type attributeInput struct{ AccessToken, AttributeName, Code string }

func (in attributeInput) check() error {
	var v checks
	v.required("attributeName", in.AttributeName)
	if err := v.err(); err != nil {
		return err
	}
	if !slices.Contains(contacts, in.AttributeName) {
		return invalidParameter("Attribute not supported by verification: %s", in.AttributeName) // text is ours
	}
	return nil
}

func (s *Server) getUserAttributeVerificationCode(in attributeInput) (*deliveryOutput, error) {
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	to := contact{u.username, in.AttributeName, u.attribute(in.AttributeName)}
	if waiting := u.verifications[in.AttributeName]; waiting != nil && s.o.Now().Before(waiting.expires) {
		to = waiting.to // which may be a new address that does not count yet
	}
	if to.address == "" {
		return nil, invalidParameter("User does not have a %s attribute to verify", in.AttributeName) // text is ours
	}
	s.sendVerification(u, to)
	return &deliveryOutput{to.delivery()}, nil
}

func (s *Server) verifyUserAttribute(in attributeInput) (*empty, error) {
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	var v checks
	v.member("code", in.Code, confirmationPattern, 1, 2048)
	if err := v.err(); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	code := u.verifications[in.AttributeName]
	if code == nil || code.to.address != u.attribute(in.AttributeName) && !slices.Contains(u.pool.verifyFirst,
		in.AttributeName) {
		return nil, errCodeExpired // the address has changed since
	}
	if err := code.try(in.Code, s.o.Now()); err != nil {
		return nil, err
	}
	if err := u.checkAlias(in.AttributeName, code.to.address); err != nil {
		return nil, err
	}
	u.setAttributes([]attribute{{in.AttributeName, code.to.address}, {in.AttributeName + "_verified", "true"}})
	delete(u.verifications, in.AttributeName)
	u.modified = s.o.Now()
	return &empty{}, nil
}

// changePassword counts a wrong PreviousPassword towards the lock of sign-ins ("API reference,
// ChangePassword" lists NotAuthorizedException and LimitExceededException; which comes when is not
// documented).
func (s *Server) changePassword(in struct{ AccessToken, PreviousPassword, ProposedPassword string }) (*empty, error) {
	var v checks
	v.required("proposedPassword", in.ProposedPassword)
	v.password("previousPassword", in.PreviousPassword)
	v.password("proposedPassword", in.ProposedPassword)
	if err := v.err(); err != nil {
		return nil, err
	}
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	none := u.password == "" && in.PreviousPassword == "" // so there was none to give
	if err := s.countAttempt(u, none || samePassword(in.PreviousPassword, u.password)); err != nil {
		return nil, err
	}
	if err := u.pool.policy.accept(in.ProposedPassword); err != nil {
		return nil, err
	}
	s.setPassword(u, in.ProposedPassword, statusConfirmed)
	return &empty{}, nil
}

func (s *Server) deleteUser(in tokenInput) (*empty, error) {
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	u.pool.remove(u)
	return &empty{}, nil
}

func (s *Server) adminDeleteUser(u *user) error {
	u.pool.remove(u)
	return nil
}

// checkWrites refuses attributes that the client may not set. Those that are not in the schema are
// for checkAttributes to refuse.
func (c *client) checkWrites(given []attribute) error {
	for _, a := range given {
		if !c.writes(a.Name) && (c.pool.schemaOf(a.Name) != nil || strings.HasSuffix(a.Name, "_verified")) {
			return errForbiddenAttribute
		}
	}
	return nil
}
