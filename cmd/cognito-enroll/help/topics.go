package help

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
)

// topic is a topic of the help. Its text is made when it is read: it is long, and most runs have no use for it.
type topic struct {
	name, short string
	text        func(root *cobra.Command) string
}

var topics = []topic{
	{"flags", "Every flag of an enrollment", func(root *cobra.Command) string {
		enroll, _, _ := root.Find([]string{"enroll"})
		return "These are the flags of cognito-enroll, and of cognito-enroll enroll, which is the same. Every other " +
			"command lists its own with --help:\n\n" + flagList(enroll.LocalFlags())
	}},
	{"accessibility", "Screen readers, keys, colors and contrast", accessibility},
	{"environment", "The environment variables that are read", environment},
	{"exit-codes", "What the exit codes mean to a script", func(*cobra.Command) string {
		return "The exit code says what can be done next:\n\n" + exitList()
	}},
}

// Topics returns the topics of the help. They are no commands: they do not run. Long returns their texts.
func Topics() (all []*cobra.Command) {
	for _, t := range topics {
		all = append(all, &cobra.Command{Use: t.name, Short: t.short})
	}
	return all
}

// Long returns the long text of a command or a topic.
func Long(cmd *cobra.Command) string {
	for _, t := range topics {
		if cmd.IsAdditionalHelpTopicCommand() && cmd.Name() == t.name {
			return t.text(cmd.Root())
		}
	}
	return cmd.Long
}

func flagList(flags *pflag.FlagSet) string {
	var rows [][2]string
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name, usage := pflag.UnquoteUsage(f)
		if name != "" {
			name = " " + name
		}
		rows = append(rows, [2]string{"--" + f.Name + name, usage})
	})
	return Listing(rows)
}

func exitList() string {
	var rows [][2]string
	for _, e := range exit.Table {
		rows = append(rows, [2]string{fmt.Sprintf("%-4d%s", e.Code, e.Name), e.Meaning})
	}
	return Listing(rows)
}

func accessibility(*cobra.Command) string {
	return `--plain asks in plain lines, for screen readers and braille displays. Nothing is redrawn, nothing ` +
		`moves and there are no colors. Set ACCESSIBLE=1 to have plain lines always. TERM=dumb means the same.

Type a word instead of a key. :help lists the words that work at the question:

` + Listing([][2]string{
		{":more", "says the question and its choices again"},
		{":back", "returns to the question before"},
		{":time", "says how much time is left"},
		{":spell", "spells the key in words"},
		{":uri", "prints the key URI"},
		{":quit", "leaves"},
	}) + `

The key is said once, in groups of four. No QR code is drawn, unless --qr asks for one. Passwords are not echoed.

On screens, everything works with the keyboard:

` + Listing([][2]string{
		{"tab, arrows", "move between fields and choices"},
		{"enter", "sends the answer; six digits of an authenticator are also sent after half a second"},
		{"esc", "goes back"},
		{"s", "spells the key in words"},
		{"h", "covers the key and shows it again"},
		{"ctrl+c", "leaves"},
	}) + `

The last line of the screen lists the keys that work now. Nothing is said by color alone: a problem starts with a ` +
		`cross, a success with a check mark. NO_COLOR or --theme none turns colors off. --theme dark and --theme light ` +
		`choose them where the background is not detected; both have a contrast of at least 4.5:1 on the usual ` +
		`backgrounds. Without a UTF-8 locale only ASCII is used. Screens work from 40 by 15 cells.`
}

func environment(*cobra.Command) string {
	return `A flag is stronger than a variable, and a variable is stronger than config.toml.

` + Listing([][2]string{
		{"COGNITO_ENROLL_...", "sets a flag: COGNITO_ENROLL_POOL_ID is --pool-id; the help of config lists the names"},
		{"COGNITO_USER_POOL_ID", "names the user pool, as for other programs; so do similar names, such as " +
			"VITE_COGNITO_CLIENT_ID for the app client"},
		{"XDG_CONFIG_HOME", "is where cognito-enroll/config.toml is, on systems that use it"},
		{"XDG_CACHE_HOME", "is where begin writes its handle, on systems that use it"},
		{"ACCESSIBLE", "turns --plain on, whatever its value"},
		{"NO_COLOR", "turns colors off, whatever its value"},
		{"TERM, COLORTERM", "say what the terminal can show; TERM=dumb turns --plain on"},
		{"LC_ALL, LC_CTYPE, LANG", "say whether the terminal shows UTF-8. The first that is set counts. Where it says " +
			"no, screens ask the terminal."},
		{"AWS_...", "are read by the AWS SDK: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT, " +
			"AWS_CA_BUNDLE and others; credentials only with --aws-credentials or --auth-flow admin"},
		{"HTTPS_PROXY, NO_PROXY", "say which proxy to use"},
	})
}
