package flow

// Known says whether something is so. Its zero value is Unknown, so that a fact which was forgotten
// makes a sentence vague and never false.
type Known int

const (
	Unknown Known = iota
	No
	Yes
)

func (k Known) String() string { return [...]string{"unknown", "no", "yes"}[k] }
