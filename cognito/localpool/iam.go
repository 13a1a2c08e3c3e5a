package localpool

import (
	"slices"
	"strings"
)

// iamPrefix stands before an operation in the name of the action that IAM allows.
const iamPrefix = "cognito-idp:"

// allows reports whether the pool's list allows an operation. A star at the end stands for whatever follows.
func (p *pool) allows(operation string) bool {
	return p.allowedActions == nil || slices.ContainsFunc(p.allowedActions, func(action string) bool {
		begin, star := strings.CutSuffix(action, "*")
		return iamPrefix+operation == action || star && strings.HasPrefix(iamPrefix+operation, begin)
	})
}

// ifAllowed answers a signed operation if PoolSeed.AllowedActions of the pool that the body names has it. Whose the
// credentials are makes no difference.
func (s *Server) ifAllowed(operation string, body []byte, answer func() (any, error)) func() (any, error) {
	var in struct{ UserPoolId string }
	decode(body, &in) // answer's own reading of it went well
	return func() (any, error) {
		if p := s.pools.byID[in.UserPoolId]; p != nil && !p.allows(operation) {
			action := iamPrefix + operation
			return nil, refuse("AccessDeniedException", "User: arn:aws:iam::000000000000:user/local is not authorized to perform: "+
				"%s on resource: %s because no identity-based policy allows the %s action", action, s.arn(p), action)
		}
		return answer()
	}
}

// arn is the pool's Amazon Resource Name, in an account that AWS does not have.
func (s *Server) arn(p *pool) string {
	return "arn:aws:cognito-idp:" + s.o.Region + ":000000000000:userpool/" + p.id
}
