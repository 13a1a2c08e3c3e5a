package simulate

// Transcript is a run as flow/testdata has it.
func Transcript(r Result) string { return "" }
