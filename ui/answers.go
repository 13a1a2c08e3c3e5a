package ui

import "time"

// A terminal answers what it is asked on the keyboard's line, and late over a slow connection: what comes
// after the program has gone lands in the shell.
const (
	AnswersOwed       = 3 * time.Second // how long after a question its answer is waited for
	WaitingForAnswers = "Waiting for your terminal to answer. Press Ctrl+C again to leave at once."
)

// AskUTF8 asks a terminal whether it takes UTF-8: written to the first column of a row, it leaves the cursor in the
// second column of a terminal that does, and the terminal tells that (CPR, ECMA-48). The half block alone does not do:
// an xterm in Latin-1 takes its last two bytes for control characters. Whoever asks erases the cell.
const AskUTF8 = "\u00e9\b\u2580\x1b[6n"
