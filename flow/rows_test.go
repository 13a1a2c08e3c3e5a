package flow

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

// TestRows writes down every sentence about an authenticator, for a person to read. Rewrite it with
//
//	go test ./flow -run Rows -update
//
// and commit a rewrite only when each changed line is meant.
func TestRows(t *testing.T) {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-9s%s\n", label, text)
		}
	}
	for _, row := range rows {
		f := Facts{New: row.New, Old: row.Old, Password: No, Confirmed: No, Email: No}
		title, body, problem := f.ending(ToEnroll, `"Acme" (alice)`, "Pixel", true)
		fmt.Fprintf(&b, "%s, %s\n", row.New, row.Old)
		line("claims", fmt.Sprintf("new entry %s, old entry %s, the next sign-in asks: %s", row.claims.New, row.claims.Old,
			row.claims.Asks))
		line("standing", f.standing(`"Acme" (alice)`))
		line("title", title)
		line("body", body)
		f.Asked, f.Tested = Yes, true
		if row.tested != "" {
			title, body, _ := f.ending(ToTest, `"Acme" (alice)`, "Pixel", true)
			line("tested", title+". "+body)
		}
		if problem != nil {
			line("problem", problem.Msg+"; "+problem.Hint)
		}
		b.WriteString("\n")
	}
	golden.RequireEqual(t, b.String())
}
