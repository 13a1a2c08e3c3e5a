package ui

import "time"

// A terminal answers what it is asked on the keyboard's line, and late over a slow connection: what comes
// after the program has gone lands in the shell.
const (
	AnswersOwed       = 3 * time.Second // how long after a question its answer is waited for
	WaitingForAnswers = "Waiting for your terminal to answer. Press Ctrl+C again to leave at once."
)
