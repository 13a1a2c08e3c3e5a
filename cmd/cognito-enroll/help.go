package main

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// helpWidth is that of the smallest terminal that most people have.
const helpWidth = 80

// listing is rows of a name and a text in two columns, for the help.
func listing(rows [][2]string) string {
	names := 0
	for _, row := range rows {
		names = max(names, len(row[0]))
	}
	var lines []string
	for _, row := range rows {
		indent := 2 + names + 2
		text := ansi.Wordwrap(row[1], helpWidth-indent, "")
		text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", indent))
		lines = append(lines, fmt.Sprintf("  %-*s  %s", names, row[0], text))
	}
	return strings.Join(lines, "\n")
}
