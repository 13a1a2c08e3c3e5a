// Package simulate tries to catch the program lying. It leads flow and the real cognito.Client, the AWS
// SDK included, through enrollments in a localpool behind an http.RoundTripper that loses answers, cuts
// them, garbles them, delivers requests twice or late, while people mistype, go back, leave, come back
// later, and somebody else changes the account. At every Ask it holds what is claimed there against
// what is so in the pool.
//
// A run is a [Plan], which is plain data: [Draw] makes one from a seed, [Run] carries it out the same
// way every time and on every machine, [Shrink] makes one that lies as small as it will go, and
// [Transcript] turns it into a transcript for flow/testdata. The command does all of that:
//
//	go run ./cognito/simulate/cmd -runs 20000             # a table of what was met
//	go run ./cognito/simulate/cmd -seed 4711              # one run, with its trace
//	go run ./cognito/simulate/cmd -seed 4711 -save flow/testdata/NAME.txt
//
// # What cannot be known
//
// A lie is a claim that the program had no ground for. Where somebody else changed the account after the
// last answer that could have shown it, nothing that the program says is a lie; the same holds for a
// request of ours whose answer was lost and that is carried out later, from then on until an answer
// shows it. World.unseen keeps book of that, aspect by aspect.
//
// # What is judged
//
// The claims about entries in the app (flow.Claims, and the few notes that name an entry): whoever obeys
// them must still be able to sign in. Whether the next sign-in asks for a code. Each of flow.Facts,
// from which the titles and summaries follow. "Nothing was changed." The key on the screen. That nothing
// is changed without a yes, and nothing at all by looking. That a password itself is sent only after a yes, or
// where the flow that was chosen sends it. That the newest Session is sent, and that the one that is handed back
// ends the sign-in of the program that began it. That no text has a secret in it. That a run ends.
//
// # What is not reached
//
// Measured with "go build -cover" over 3,000 runs: about four fifths of the statements of flow, and two
// fifths of localpool. Not reached in flow, and why:
//
//   - Looking for a pool (browse.go, and the questions of connect.go for what is typed): these calls
//     change no account. Transcripts walk them.
//   - Passkeys and challenges that nobody can answer in a terminal: the run ends at once. Transcripts.
//   - What a field or an access token is checked for here, before anything is sent: field tests.
//   - What a hostile server says: its limits and what is not printable have tests of their own.
//   - Names on the wire (MarshalText): cmd replays plans through --json, begin and finish.
//
// Not reached in localpool are the operations that no enrollment makes (creating, changing, listing and
// deleting pools, clients, users, groups and attributes, refresh tokens, remembered devices), its state
// and seed files, and its own faults, messages and health: pooltest and the tests of that package do.
//
// # Whether it can fail
//
// cmd/testdata/mutants.txt has an edit of the code for each kind of lie that was found. "-mutants" builds
// each, and says how many runs it takes until the judge finds it.
package simulate
