package cognito

import (
	"fmt"
	"strings"

	"cognito-enroll/flow"
)

// findings puts what was answered into words, the most basic first.
func (x *inspector) findings() []Finding {
	if list := x.missing(); list != nil {
		return list
	}
	list := x.reached()
	list = append(list, x.secret(), x.flows())
	list = append(list, x.existence()...)
	return append(list, x.settings()...)
}

func fine(topic, text string) Finding { return Finding{Topic: topic, Level: LevelOK, Text: text} }

// failed is a Finding in the words of the table of faults.
func failed(topic string, level Level, err *flow.Error) Finding {
	return Finding{Topic: topic, Level: level, Text: err.Msg, Hint: err.Hint, Remedy: err.Remedy, Fault: err.Fault}
}

func (x *inspector) pool() string { return fmt.Sprintf("pool %q", x.config.PoolID) }
func (x *inspector) app() string  { return fmt.Sprintf("app client %q", x.config.ClientID) }

// missing is why there is nothing to look into: no Cognito, or no app client.
func (x *inspector) missing() []Finding {
	for _, err := range x.answers {
		switch {
		case judge(err) != absent:
		case err.Code == clientNotFound || err.Code == poolNotFound:
			found := failed("client", LevelProblem, err)
			found.Repair = x.repair(appClients, "list-user-pool-clients", "", "aws_cognito_user_pool_client.id")
			return []Finding{fine("endpoint", x.host+" answers"), found}
		default:
			return []Finding{failed("endpoint", LevelProblem, err)}
		}
	}
	return nil
}

// reached is about the way there. An answer that is about something else than the flow is a problem,
// unless another flow gets through.
func (x *inspector) reached() []Finding {
	level := LevelProblem
	if x.judged(allowed) {
		level = LevelWarning
	}
	var list []Finding
	seen := map[flow.ErrorCode]bool{}
	for _, f := range automatic {
		err := x.answers[f]
		if judge(err) != obscured || seen[err.Code] {
			continue
		}
		seen[err.Code] = true
		topic := "endpoint"
		if err.Code == blocked {
			topic = "firewall"
		}
		list = append(list, failed(topic, level, err))
	}
	first := []Finding{fine("endpoint", x.host+" answers")}
	if x.judged(allowed, denied, locked) {
		first = append(first, fine("client", x.app()+" exists"))
		if !seen[blocked] {
			first = append(first, fine("firewall", "no firewall (AWS WAF) is in the way"))
		}
	}
	return append(first, list...)
}

func (x *inspector) secret() Finding {
	const topic = "client-secret"
	if x.needless {
		return Finding{
			Topic: topic, Level: LevelProblem, Fault: flow.Elsewhere,
			Text: x.app() + " has no secret, and one was given", Remedy: flow.Remedy{Name: flow.OmitClientSecret},
		}
	}
	for _, err := range x.answers {
		if judge(err) == locked {
			found := failed(topic, LevelProblem, err)
			found.Repair = x.repair(appClient+" > Show client secret", "describe-user-pool-client",
				options("client-id", x.config.ClientID, "query", "UserPoolClient.ClientSecret", "output", "text")+" >secret.txt",
				"aws_cognito_user_pool_client.client_secret")
			found.Repair.Note = "nobody else needs to read the file: umask 077 comes first"
			return found
		}
	}
	switch {
	case !x.judged(allowed):
		return Finding{Topic: topic, Level: LevelUnknown, Text: "whether the app client needs a secret is not to be known from its answers"}
	case x.config.ClientSecret.Empty():
		return fine(topic, "the app client needs no secret")
	}
	return fine(topic, "the client secret is accepted")
}

// flows says which flows the app client allows, and whether one is enough for flow.Auto.
func (x *inspector) flows() Finding {
	known, others := x.verdicts()
	var open, shut, unknown []string
	for _, f := range automatic {
		switch known[f] {
		case allowed:
			open = append(open, string(f))
		case denied:
			shut = append(shut, string(f))
		default:
			unknown = append(unknown, string(f))
		}
	}
	var parts []string
	if len(open) > 0 {
		parts = append(parts, "allows "+words(open))
	}
	if len(shut) > 0 {
		parts = append(parts, "does not allow "+words(shut))
	}
	if len(unknown) > 0 {
		parts = append(parts, "gave no answer about "+words(unknown))
	}
	if len(others) > 0 {
		parts = append(parts, "has "+words(others)+" in its settings")
	}
	found := fine("flows", x.app()+" "+words(parts))
	switch {
	case len(open) == 0 && len(unknown) > 0:
		found.Level = LevelUnknown
	case len(open) == 0 && len(others) > 0:
		found.Level, found.Repair = LevelWarning, x.flowRepair(known)
		found.Remedy.Name = flow.UseListedFlow
	case len(open) == 0:
		found.Level, found.Fault, found.Repair = LevelProblem, flow.Elsewhere, x.flowRepair(known)
		found.Remedy.Name = flow.TryOtherFlows
	case known[flow.SRP] == denied && known[flow.Password] == allowed:
		found.Level, found.Repair = LevelWarning, x.flowRepair(known)
		found.Hint = "the password itself goes to Cognito; with SRP it would not leave this machine"
	}
	return found
}

// verdicts are those of the flows that were tried, and with the app client's settings also of those
// that a refusal left open and of others, which are listed, too.
func (x *inspector) verdicts() (known map[flow.AuthFlow]verdict, others []string) {
	known = map[flow.AuthFlow]verdict{}
	for f, err := range x.answers {
		known[f] = judge(err)
	}
	if x.client == nil {
		return known, nil
	}
	for _, f := range []flow.AuthFlow{flow.SRP, flow.Password, flow.Choice, flow.Custom, flow.Admin} {
		if v, tried := known[f]; tried && (v == allowed || v == denied) {
			continue
		}
		_, tried := known[f]
		known[f] = denied
		if permits(x.client, f) {
			known[f] = allowed
			if !tried {
				others = append(others, string(f))
			}
		}
	}
	return known, others
}

// words joins names as prose does.
func words(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
