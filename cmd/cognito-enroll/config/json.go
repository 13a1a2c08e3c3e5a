package config

// CandidateJSON is a Candidate as config --json and doctor --json print it. It does not have the secret itself.
type CandidateJSON struct {
	Pool    string       `json:"pool_id"`
	Client  string       `json:"client_id,omitempty"`
	Secret  bool         `json:"client_secret_found"`
	Sources []SourceJSON `json:"sources"`
}

// SourceJSON is a Source as it is printed.
type SourceJSON struct {
	Kind Kind   `json:"kind"` // flag, environment, config, project, terraform or default
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Name string `json:"name,omitempty"` // of the flag, the variable or the key
}

// CandidatesJSON returns those of found.
func CandidatesJSON(found Found) (all []CandidateJSON) {
	for _, candidate := range found.Candidates {
		out := CandidateJSON{Pool: candidate.Pool, Client: candidate.Client, Secret: !candidate.Secret.Empty()}
		for _, s := range candidate.Sources {
			out.Sources = append(out.Sources, SourceJSON(s))
		}
		all = append(all, out)
	}
	return all
}
