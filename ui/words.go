package ui

import (
	"fmt"
	"strings"
	"time"
)

// SparePhones is said beside a key, because nobody shows it twice: Cognito gives it out once (API reference,
// AssociateSoftwareToken), and this program keeps none.
const SparePhones = "Any number of phones may add this key now. It is never shown again."

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

// Groups splits a key into groups of four characters, as apps show it.
func Groups(key string) (list []string) {
	for len(key) > 4 {
		list, key = append(list, key[:4]), key[4:]
	}
	return append(list, key)
}

// Spell returns a line for each group of a key in the words of the spelling alphabet, to be read aloud.
func Spell(key string) (lines []string) {
	for i, g := range Groups(key) {
		var words []string
		for _, r := range g {
			words = append(words, nato[r])
		}
		lines = append(lines, fmt.Sprintf("%2d %-4s %s", i+1, g, strings.Join(words, " ")))
	}
	return lines
}

// Sentence turns an Error's Msg or Hint into a sentence.
func Sentence(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	// A name in capitals or a quotation at the start stays as it is.
	if len(r) > 1 && r[1] >= 'a' && r[1] <= 'z' || len(r) > 1 && r[1] == ' ' {
		r[0] = []rune(strings.ToUpper(string(r[0])))[0]
	}
	s = string(r)
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
		s += "."
	}
	return s
}

// TimeLeft says how long Cognito waits for a code; say formats the duration. Without a deadline it returns "". It
// promises no more than is known: Cognito may keep a session longer than its minimum.
func TimeLeft(deadline, now time.Time, say func(time.Duration) string) string {
	left := deadline.Sub(now).Round(time.Second)
	switch {
	case deadline.IsZero():
		return ""
	case left <= 0:
		return "The time may be over. Try a code, or sign in again."
	}
	return "At least " + say(left) + " left"
}

// Digital formats a duration as a clock shows it: "2:58".
func Digital(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Spoken formats a duration as people say it, in whole seconds: "1 minute 5 seconds".
func Spoken(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	count := func(n int, one, other string) string {
		if n == 1 {
			return one
		}
		return fmt.Sprintf(other, n)
	}
	inSeconds, inMinutes := count(seconds%60, "1 second", "%d seconds"), count(seconds/60, "1 minute", "%d minutes")
	switch {
	case seconds < 60:
		return inSeconds
	case seconds%60 == 0:
		return inMinutes
	}
	return inMinutes + " " + inSeconds
}

// ASCII replaces our own signs, each one cell wide, by characters that every terminal has.
var ASCII = strings.NewReplacer("✓", "+", "✗", "!", "›", ">", "•", "*", "…", "~", "«", "\"", "»", "\"", "↑", "^", "↓",
	"v", "×", "x", "●", "*", "○", "o", "·", "-")
