package cognito

import (
	"strings"

	"cognito-enroll/flow"
)

// findings puts what was answered into words, the most basic first.
func (x *inspector) findings() []Finding {
	if list := x.missing(); list != nil {
		return list
	}
	list := x.reached()
	list = append(append(list, x.secret()), x.flows()...)
	list = append(list, x.existence()...)
	return append(list, x.settings()...)
}

// failed is a Finding in the words of the table of faults.
func failed(topic string, level Level, err *flow.Error) Finding {
	return Finding{Topic: topic, Level: level, Text: err.Msg, Hint: err.Hint, Remedy: err.Remedy, Fault: err.Fault}
}

// fine is a Finding with which nothing is wrong.
func (c *Client) fine(topic, text string, pairs ...string) Finding {
	return Finding{Topic: topic, Level: LevelOK, Text: c.fill(text, pairs...)}
}

// missing is why there is nothing to look into: no Cognito, or no app client.
func (x *inspector) missing() []Finding {
	for _, err := range x.answers {
		switch {
		case infer(err) != absent:
		case err.Code == clientNotFound || err.Code == poolNotFound:
			found := failed("client", LevelProblem, err)
			found.Repair = x.repair(appClients, "list-user-pool-clients", "", "aws_cognito_user_pool_client.id")
			return []Finding{x.fine("endpoint", "{host} answers"), found}
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
	if x.inferred(allowed) {
		level = LevelWarning
	}
	var list []Finding
	seen := map[flow.ErrorCode]bool{}
	for _, f := range automatic {
		err := x.answers[f]
		if infer(err) != obscured || seen[err.Code] {
			continue
		}
		seen[err.Code] = true
		topic := "endpoint"
		if err.Code == blocked {
			topic = "firewall"
		}
		list = append(list, failed(topic, level, err))
	}
	first := []Finding{x.fine("endpoint", "{host} answers")}
	if x.inferred(allowed, denied, locked) {
		first = append(first, x.fine("client", "app client {client} exists"))
		if !seen[blocked] {
			first = append(first, x.fine("firewall", "no firewall (AWS WAF) is in the way"))
		}
	}
	return append(first, list...)
}

func (x *inspector) secret() Finding {
	const topic = "client-secret"
	if x.needless {
		return Finding{
			Topic: topic, Level: LevelProblem, Fault: flow.Elsewhere,
			Text:   x.fill("app client {client} has no secret, and one was given"),
			Remedy: flow.Remedy{Name: flow.OmitClientSecret},
		}
	}
	for _, err := range x.answers {
		if infer(err) == locked {
			found := failed(topic, LevelProblem, err)
			found.Repair = x.repair(appClient+" > Show client secret", "describe-user-pool-client",
				options("client-id", x.config.ClientID, "query", "UserPoolClient.ClientSecret", "output", "text")+" >secret.txt",
				"aws_cognito_user_pool_client.client_secret")
			found.Repair.Note = "nobody else needs to read the file: umask 077 comes first"
			return found
		}
	}
	switch {
	case !x.inferred(allowed):
		return Finding{Topic: topic, Level: LevelUnknown,
			Text: "the responses do not tell whether the app client needs a secret"}
	case x.config.ClientSecret.Empty():
		return x.fine(topic, "the app client needs no secret")
	}
	return x.fine(topic, "the client secret is accepted")
}

// flows says which flows the app client allows, and whether one is enough for flow.Auto. The first Finding
// carries what follows from all.
func (x *inspector) flows() []Finding {
	known, others := x.inferences()
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
	var list []Finding
	for _, said := range []struct {
		flows []string
		level Level
		text  string
	}{
		{open, LevelOK, "app client {client} allows {flows}"},
		{shut, LevelOK, "app client {client} does not allow {flows}"},
		{unknown, LevelUnknown, "app client {client} does not tell whether it allows {flows}"},
		{others, LevelOK, "the settings of app client {client} allow {flows}"},
	} {
		if len(said.flows) > 0 {
			list = append(list, Finding{Topic: "flows", Level: said.level, Text: x.fill(said.text, "flows", words(said.flows))})
		}
	}
	switch found := &list[0]; {
	case len(open) == 0 && len(unknown) > 0: // one of them may do
	case len(open) == 0 && len(others) > 0:
		found.Level, found.Repair = LevelWarning, x.flowRepair(known)
		found.Remedy.Name = flow.UseListedFlow
	case len(open) == 0:
		found.Level, found.Fault, found.Repair = LevelProblem, flow.Elsewhere, x.flowRepair(known)
		found.Remedy.Name = flow.TryOtherFlows
	case known[flow.SRP] == denied && known[flow.Choice] == denied && known[flow.Password] == allowed:
		found.Level, found.Repair = LevelWarning, x.flowRepair(known)
		found.Hint = "the password itself goes to Cognito; with SRP it would not leave this machine"
	}
	return list
}

// inferences are those of the flows that were tried, and with the app client's settings also of those
// that a refusal left open and of others, which are listed, too.
func (x *inspector) inferences() (known map[flow.AuthFlow]inference, others []string) {
	known = map[flow.AuthFlow]inference{}
	for f, err := range x.answers {
		known[f] = infer(err)
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
