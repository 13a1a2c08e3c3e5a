package wizard

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// rank says how long a block stays. When a window is too low for all blocks, the blank lines between them go first,
// from the bottom, and then whole blocks: those of the highest rank first, and of one rank the last.
type rank int

// What falls away, the last of these first.
const (
	stays     rank = iota // the fields, the key to type, the problem, the result
	warns                 // that somebody may look on, and what the phone of a demo shows
	scans                 // what to do where the QR code is not drawn or does not scan: nothing else tells how to go on
	notes                 // what happened on the way
	titles                // the question
	waits                 // when the next code comes
	copies                // what became of a copy of the key
	hints                 // what to do about the problem
	limits                // how long Cognito waits
	explains              // the question at length
	steps                 // how far the person is
	heads                 // the product and the pool
	instructs             // what to do with a QR code that is there, and if it does not scan, below another problem
	spares                // that another phone may add the key now
	airs                  // the blank lines around a problem
	names                 // those of the entry
	rings                 // the countdown to the next code
	parts                 // the blank line above the field for the code, and the one below a list
	repeats               // what to do with a QR code, beside a problem: it was read before
)

// block is a part of a screen.
type block struct {
	lines []string
	rank  rank
	tight bool // belongs to the block above: no blank line between
	row   *int // told at which row it starts, -1 if it had to go; nil tells nobody
}

// at has the row at which the block starts told to row.
func (b block) at(row *int) block {
	b.row = row
	return b
}

// under puts the block below the one before, without a blank line.
func (b block) under() block {
	b.tight = true
	return b
}

// hanging moves the lines but the first to the right, so that they stand below its text.
func (b block) hanging(by int) block {
	for i := range b.lines {
		if i > 0 {
			b.lines[i] = strings.Repeat(" ", by) + b.lines[i]
		}
	}
	return b
}

// moved moves all lines to the right.
func (b block) moved(by int) block {
	for i := range b.lines {
		b.lines[i] = strings.Repeat(" ", by) + b.lines[i]
	}
	return b
}

// air is a blank line that goes later than those between blocks.
func air(r rank) block { return block{lines: []string{""}, rank: r, tight: true} }

// text is s in lines of at most width columns, as few as they can be.
func text(style lipgloss.Style, width int, s string, r rank) block {
	if s == "" {
		return block{}
	}
	return colored(style, wrapped(s, width), r)
}

func colored(style lipgloss.Style, lines []string, r rank) block {
	for i := range lines {
		lines[i] = style.Render(lines[i])
	}
	return block{lines: lines, rank: r}
}

// wrapped breaks each paragraph of s into as few lines as there can be. It leaves no word or two alone on the last of
// them, as far as shorter lines above lend it some, which is what text-wrap: pretty is in CSS.
func wrapped(s string, width int) (lines []string) {
	for paragraph := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(paragraph, " ") { // a row of a list: as much of it as fits stays in its columns
			lines = append(lines, broken(paragraph, width)...)
		} else {
			lines = append(lines, pretty(paragraph, width)...)
		}
	}
	return lines
}

func pretty(s string, width int) []string {
	lines := broken(s, width)
	// None is as short as to cut a word that was whole.
	for less := width - 1; lonely(lines, width) && less >= widthOf(strings.Fields(s)); less-- {
		shorter := broken(s, less)
		if len(shorter) > len(lines) {
			break
		}
		lines = shorter
	}
	return lines
}

// lonely reports whether the last line is much shorter than those above may be.
func lonely(lines []string, width int) bool {
	last := len(lines) - 1
	return last > 0 && lipgloss.Width(lines[last]) < width/4
}

// broken breaks s wherever a line of width columns is full.
func broken(s string, width int) []string {
	// Lipgloss breaks lines behind each hyphen, which cuts flags, names of hosts and IDs.
	const whole = "\u2011" // the hyphen that no line is broken at
	s = lipgloss.Wrap(strings.ReplaceAll(s, "-", whole), max(1, width), "")
	lines := strings.Split(strings.ReplaceAll(s, whole, "-"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

// stack puts the blocks below each other in height lines.
func stack(height int, blocks ...block) (lines []string) {
	for {
		content, worst := 0, -1
		for i, b := range blocks {
			content += len(b.lines)
			if len(b.lines) > 0 && b.rank > stays && (worst < 0 || b.rank >= blocks[worst].rank) {
				worst = i
			}
		}
		if content <= height || worst < 0 {
			return joined(blocks, height-content)
		}
		blocks[worst].lines = nil
	}
}

// joined puts every block that is left below the one before, with at most so many blank lines between.
func joined(blocks []block, gaps int) (lines []string) {
	for _, b := range blocks {
		if len(b.lines) == 0 || b.blank() && len(lines) == 0 {
			if b.row != nil {
				*b.row = -1
			}
			continue
		}
		if gaps > 0 && len(lines) > 0 && !b.tight && lines[len(lines)-1] != "" {
			lines = append(lines, "")
			gaps--
		}
		if b.row != nil {
			*b.row = len(lines)
		}
		lines = append(lines, b.lines...)
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// blank reports whether b is air.
func (b block) blank() bool { return len(b.lines) == 1 && b.lines[0] == "" }
