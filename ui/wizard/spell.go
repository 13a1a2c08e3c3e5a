package wizard

import (
	"fmt"
	"strings"
)

// nato is the spelling alphabet of ICAO and ITU for what a key in base32 can have. The digits are in
// plain English words.
var nato = map[rune]string{
	'A': "Alfa", 'B': "Bravo", 'C': "Charlie", 'D': "Delta", 'E': "Echo", 'F': "Foxtrot", 'G': "Golf",
	'H': "Hotel", 'I': "India", 'J': "Juliett", 'K': "Kilo", 'L': "Lima", 'M': "Mike", 'N': "November",
	'O': "Oscar", 'P': "Papa", 'Q': "Quebec", 'R': "Romeo", 'S': "Sierra", 'T': "Tango", 'U': "Uniform",
	'V': "Victor", 'W': "Whiskey", 'X': "X-ray", 'Y': "Yankee", 'Z': "Zulu",
	'0': "zero", '1': "one", '2': "two", '3': "three", '4': "four", '5': "five", '6': "six", '7': "seven",
	'8': "eight", '9': "nine",
}

// groups are a key's fours.
func groups(key string) (list []string) {
	for len(key) > 4 {
		list, key = append(list, key[:4]), key[4:]
	}
	return append(list, key)
}

// spell is a line for each group, to be read to somebody.
func spell(key string) (lines []string) {
	for i, g := range groups(key) {
		var words []string
		for _, r := range g {
			words = append(words, nato[r])
		}
		lines = append(lines, fmt.Sprintf("%2d %-4s %s", i+1, g, strings.Join(words, " ")))
	}
	return lines
}

// numbered breaks a key into groups of four that are never cut by the end of a line. Each line begins
// with the number of its first group.
func numbered(key string, width int) (lines []string) {
	perLine := max(1, min(5, (width-2)/5))
	for i, g := range groups(key) {
		if i%perLine == 0 {
			lines = append(lines, fmt.Sprintf("%2d", i+1))
		}
		lines[len(lines)-1] += " " + g
	}
	return lines
}
