package wizard

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// block is a part of a screen. When the window is too low, the blank lines between blocks go first,
// from the bottom, and then whole blocks, those with the highest drop first; one with drop 0 stays.
type block struct {
	lines []string
	drop  int
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

func text(style lipgloss.Style, width int, s string, drop int) block {
	if s == "" {
		return block{}
	}
	lines := strings.Split(lipgloss.Wrap(s, max(1, width), ""), "\n")
	for i := range lines {
		lines[i] = style.Render(strings.TrimRight(lines[i], " "))
	}
	return block{lines: lines, drop: drop}
}

// stack puts the blocks below each other in height lines.
func stack(height int, blocks ...block) (lines []string) {
	content, parts := 0, 0
	for _, b := range blocks {
		content += len(b.lines)
		if len(b.lines) > 0 && !b.tight {
			parts++
		}
	}
	for content > height {
		worst := -1
		for i, b := range blocks {
			if len(b.lines) > 0 && b.drop > 0 && (worst < 0 || b.drop > blocks[worst].drop) {
				worst = i
			}
		}
		if worst < 0 {
			break
		}
		content -= len(blocks[worst].lines)
		if !blocks[worst].tight {
			parts--
		}
		blocks[worst].lines = nil
	}
	gaps := min(parts-1, height-content)
	for _, b := range blocks {
		start := func(row int) {
			if b.row != nil {
				*b.row = row
			}
		}
		if len(b.lines) == 0 {
			start(-1)
			continue
		}
		if gaps > 0 && len(lines) > 0 && !b.tight {
			lines = append(lines, "")
			gaps--
		}
		start(len(lines))
		lines = append(lines, b.lines...)
	}
	return lines
}
