package simulate

import (
	"slices"

	"cognito-enroll/flow"
)

// Lied reports whether there is a lie of that kind; any does for "".
func (r Result) Lied(kind string) bool {
	return slices.ContainsFunc(r.Lies, func(l Lie) bool { return kind == "" || l.Kind == kind })
}

// Shrink returns a plan that still tells a lie of kind, and from which nothing more can be left out.
func Shrink(p Plan, kind string) Plan {
	for {
		smaller, ok := shrinkOnce(p, kind)
		if !ok {
			return p
		}
		p = smaller
	}
}

func shrinkOnce(p Plan, kind string) (Plan, bool) {
	for _, try := range simpler(p) {
		if try.String() != p.String() && Run(try).Lied(kind) {
			return try, true
		}
	}
	return p, false
}

// simpler are the plans from which one thing was left out, or made what is usual.
func simpler(p Plan) (list []Plan) {
	with := func(change func(*Plan)) {
		q := p
		change(&q)
		list = append(list, q)
	}
	with(func(q *Plan) { q.Faults = nil })
	with(func(q *Plan) { q.Slips = nil })
	with(func(q *Plan) { q.Meanwhile = nil })
	for i := range p.Faults {
		with(func(q *Plan) { q.Faults = slices.Delete(slices.Clone(p.Faults), i, i+1) })
	}
	for i := range p.Slips {
		with(func(q *Plan) { q.Slips = slices.Delete(slices.Clone(p.Slips), i, i+1) })
	}
	for i := range p.Meanwhile {
		with(func(q *Plan) { q.Meanwhile = slices.Delete(slices.Clone(p.Meanwhile), i, i+1) })
	}
	with(func(q *Plan) { q.Leave = 0 })
	with(func(q *Plan) { q.Hang = 0 })
	with(func(q *Plan) { q.PutAway = 0 })
	with(func(q *Plan) { q.Ahead = 0 })
	with(func(q *Plan) { q.Phone = 0 })
	with(func(q *Plan) { q.TestSignIn = false })
	with(func(q *Plan) { q.Test = false })
	with(func(q *Plan) { q.Connect = false })
	with(func(q *Plan) { q.Other = false })
	with(func(q *Plan) { q.HandBack = false })
	with(func(q *Plan) { q.Obeys = false })
	with(func(q *Plan) { q.Flow, q.Preferred = flow.Password, "" })
	with(func(q *Plan) { q.Pool.First = nil })
	with(func(q *Plan) { q.Pool.Alias = false })
	with(func(q *Plan) { q.Pool.Secret = false })
	with(func(q *Plan) { q.Pool.Ignores = false })
	with(func(q *Plan) { q.Pool.Question = false })
	with(func(q *Plan) { q.Pool.Required = false })
	with(func(q *Plan) { q.Pool.Reveals = false })
	with(func(q *Plan) { q.Pool.Devices = false })
	with(func(q *Plan) { q.Pool.Safe = false })
	with(func(q *Plan) { q.Pool.Minutes = 3 })
	with(func(q *Plan) { q.Pool.Factors = []string{totpFactor}; q.User.Factors, q.User.Preferred = nil, "" })
	with(func(q *Plan) { q.User.Status = "CONFIRMED" })
	with(func(q *Plan) { q.User.Disabled = false })
	with(func(q *Plan) { q.User.Left = "" })
	with(func(q *Plan) { q.User.NoEntry = false })
	with(func(q *Plan) { q.User.TOTP, q.User.NoEntry = false, false })
	with(func(q *Plan) { q.User.Preferred = "" })
	with(func(q *Plan) { q.User.Factors, q.User.Preferred = nil, "" })
	with(func(q *Plan) { q.User.Phone = false })
	with(func(q *Plan) { q.User.Email = false })
	with(func(q *Plan) { q.Goal = Enroll })
	for i, f := range p.Faults {
		fault := func(change func(*Fault)) {
			with(func(q *Plan) {
				q.Faults = slices.Clone(p.Faults)
				change(&q.Faults[i])
			})
		}
		fault(func(f *Fault) { f.Times = 0 })
		if f.Nth > 1 {
			fault(func(f *Fault) { f.Nth-- })
		}
		if f.Lag > 1 {
			fault(func(f *Fault) { f.Lag-- })
		}
		if f.What != None {
			fault(func(f *Fault) { f.What = Lost })
		}
	}
	return list
}
