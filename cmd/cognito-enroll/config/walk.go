package config

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// How much is looked at. The counts and sizes are far above what a project has; they keep a folder of something else,
// or a hostile one, from taking time.
const (
	mostNames   = 200_000  // in all
	mostInDir   = 20_000   // in a folder below
	mostFolders = 5_000    // in all
	deepestDir  = 9        // below the folder, or below one of its parents
	mostFiles   = 1_500    // that are read
	largest     = 1 << 20  // bytes of a file
	mostBytes   = 32 << 20 // in all
)

// file is one that may hold settings.
type file struct {
	path     string // absolute
	shown    string // as it is reached from where we are
	base     string
	folder   string // absolute
	ups      int    // folders up, and then down, to its folder
	downs    int
	rank     int // 0 for the most likely
	syntax   syntax
	familyIs string // files of one family and folder may complete each other
	env      string // the environment that its name or its folders speak of
	wanted   bool   // tools write it, so that it is told when it cannot be read
}

// walker looks for files, the nearest first.
type walker struct {
	dir     string
	files   []file
	seen    map[string]bool
	names   int
	folders int
	left    leftOut
}

// leftOut counts what was not looked at, by the reason.
type leftOut struct {
	reasons []string
	count   map[string]int
	first   map[string]string
}

func (l *leftOut) add(reason, shown string) {
	if l.count == nil {
		l.count, l.first = map[string]int{}, map[string]string{}
	}
	if l.count[reason]++; l.count[reason] == 1 {
		l.reasons, l.first[reason] = append(l.reasons, reason), shown
	}
}

// warnings are one for each reason.
func (l *leftOut) warnings() (all []*Error) {
	for _, reason := range l.reasons {
		e := &Error{File: l.first[reason], Msg: "left out: " + reason}
		if n := l.count[reason] - 1; n > 0 {
			e.Msg += fmt.Sprintf(" (and %d more)", n)
		}
		all = append(all, e)
	}
	return all
}

// walk returns the files of dir, of what is below it, of its parents up to the repository's root and of what is below
// those, the nearest first. Below home, and below the root of all, it does not look; nor in another repository.
func walk(dir, home string) ([]file, leftOut) {
	w := walker{dir: dir, seen: map[string]bool{}}
	for ups, top := range folders(dir) {
		depth := deepestDir
		if top == home || top == filepath.Dir(top) { // other people's projects, and other things
			depth = 0
		}
		w.below(top, ups, depth)
	}
	w.cut()
	slices.SortStableFunc(w.files, func(a, b file) int {
		return cmp.Or(cmp.Compare(a.ups+a.downs, b.ups+b.downs), cmp.Compare(a.ups, b.ups), cmp.Compare(a.folder, b.folder),
			cmp.Compare(a.rank, b.rank), a.compareBase(b))
	})
	return w.files, w.left
}

// cut keeps the files that are the most likely to hold settings.
func (w *walker) cut() {
	if len(w.files) <= mostFiles {
		return
	}
	slices.SortStableFunc(w.files, func(a, b file) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.ups+a.downs, b.ups+b.downs), cmp.Compare(a.path, b.path))
	})
	for _, f := range w.files[mostFiles:] {
		w.left.add(fmt.Sprintf("more than %d files could hold settings", mostFiles), f.shown)
	}
	w.files = w.files[:mostFiles]
}

// compareBase puts .env.local, which says it better, before .env.
func (f file) compareBase(other file) int {
	if strings.HasPrefix(f.base, ".env") && strings.HasPrefix(other.base, ".env") {
		return cmp.Compare(other.base, f.base)
	}
	return cmp.Compare(f.base, other.base)
}

// folders are dir and its parents up to the one with .git, or dir alone if there is none.
func folders(dir string) (all []string) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	for at := dir; ; at = filepath.Dir(at) {
		all = append(all, at)
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return all
		}
		if at == filepath.Dir(at) {
			return []string{dir}
		}
	}
}

// below looks at top, and at what is below it in the order of depth.
func (w *walker) below(top string, ups, depth int) {
	type folder struct {
		path  string
		downs int
		env   string
	}
	queue := []folder{{path: top}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if w.seen[at.path] {
			continue
		}
		w.seen[at.path] = true
		if w.folders++; w.folders > mostFolders {
			w.left.add(fmt.Sprintf("there are more than %d directories", mostFolders), w.show(at.path))
			return
		}
		most := mostInDir
		if at.downs == 0 {
			most = mostNames
		}
		entries, more := list(at.path, min(most, mostNames-w.names))
		w.names += len(entries)
		if more {
			w.left.add("the directory has too many files", w.show(at.path))
		}
		if at.downs > 0 && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".git" && e.IsDir() }) {
			continue // another repository
		}
		for _, e := range entries {
			name := e.Name()
			switch {
			case e.IsDir():
				if at.downs < depth && !passedOver(filepath.Base(at.path), name) {
					env := at.env
					if own := environmentOf(name); own != "" {
						env = own
					}
					queue = append(queue, folder{filepath.Join(at.path, name), at.downs + 1, env})
				}
			case e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0:
				if f, ok := recognize(name, filepath.Base(at.path)); ok {
					f.path, f.folder, f.ups, f.downs = filepath.Join(at.path, name), at.path, ups, at.downs
					if f.shown = w.show(f.path); f.env == "" {
						f.env = at.env
					}
					if w.files = append(w.files, f); len(w.files) > 4*mostFiles {
						w.cut()
					}
				}
			}
		}
	}
}

// list returns the names of a folder in order, and whether there are more than most. It asks for nothing but the names.
func list(dir string, most int) (all []fs.DirEntry, more bool) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	for len(all) <= most {
		some, err := f.ReadDir(1024)
		for _, e := range some {
			if name := e.Name(); e.IsDir() || likely(name) {
				all = append(all, e)
			}
		}
		if err != nil {
			break
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	if len(all) > most {
		return all[:max(most, 0)], true
	}
	return all, false
}

func (w *walker) show(path string) string {
	if relative, err := filepath.Rel(w.dir, path); err == nil {
		path = relative
	}
	return filepath.ToSlash(path)
}

// passed are the folders of tools, of what they build and of other people's code.
var passed = newSet(`
	node_modules bower_components jspm_packages vendor pods carthage third_party site-packages __pycache__ venv
	.venv .git .hg .svn .jj dist build out target bin obj coverage htmlcov tmp temp log logs cache deriveddata
	cdk.out .aws-sam .serverless .terraform .terragrunt-cache .next .nuxt .output .svelte-kit .angular .astro
	.gradle .idea .dart_tool .cache .turbo .parcel-cache .pnpm-store .yarn .npm .nx .expo .tox .mypy_cache
	.pytest_cache .ruff_cache .amplify-hosting .pulumi-cache storybook-static checkouts artifacts testdata
	fixtures __fixtures__ __tests__ __mocks__ mocks spec specs e2e cypress playwright tests doc docs example
	examples sample samples backup backups archive i18n locales migrations
`)

func passedOver(parent, name string) bool {
	name = strings.ToLower(name)
	return passed.has(name) || name == "test" && parent == "src" || strings.HasSuffix(name, ".xcodeproj")
}

// format is how a file is read.
type format struct {
	rank int // of a lower one are read first when there are many
	syntax
}

// formats are known by the end of a file's name.
var formats = sync.OnceValue(func() map[string]format {
	all := map[string]format{}
	for _, f := range []struct {
		ends string
		format
	}{
		{"env vars envrc", format{0, dotenv}},
		{"tfvars", format{0, hcl}},
		{"tfstate", format{0, code}},
		{"json json5 jsonc", format{2, code}},
		{"yml yaml", format{2, yaml}},
		{"toml ini cfg conf properties xcconfig", format{2, dotenv}},
		{"xml plist config", format{2, xml}},
		{"resx csproj", format{3, xml}},
		{"tf hcl", format{2, hcl}},
		{"bicep php", format{3, hcl}},
		{"js cjs mjs jsx ts cts mts tsx vue svelte astro html", format{3, code}},
		{"dart java kt kts scala groovy gradle swift m h mm cs cshtml go rs", format{3, code}},
		{"py", format{3, python}},
		{"rb ex exs sh bash zsh fish ps1", format{3, script}},
		{"txt", format{4, script}},
	} {
		for end := range strings.FieldsSeq(f.ends) {
			all[end] = f.format
		}
	}
	return all
})

// files without an end that tells.
var plainNames = map[string]syntax{
	"dockerfile": script, "makefile": script, "justfile": script, "procfile": script, "caddyfile": script,
	"jenkinsfile": code,
}

// wantedNames are those that tools write and people look for.
var wantedNames = newSet(`
	amplify_outputs.json amplifyconfiguration.json awsconfiguration.json aws-exports.js aws-exports.ts
	aws-exports.json aws-exports.mjs aws-exports.cjs amplifyconfiguration.dart amplify_outputs.dart
	amplifyconfiguration.ts cdk-outputs.json outputs.json stack.json stack-outputs.json terraform.tfstate
	samconfig.toml team-provider-info.json amplify-meta.json settings.py aws-config.js aws-config.ts
`)

// likelyWords rank a file before others of its format.
var likelyWords = newSet(`
	cognito auth aws amplify config configuration configmap setting settings appsettings env environment
	environments output outputs stack secret secrets values params parameters application bootstrap serverless
	constants compose samconfig exports variables local terraform launch
`)

// notSettings are words of files that show how, and hold nothing.
var notSettings = strings.Fields(`
	example sample template .tpl tmpl .dist schema .vault .test. .spec. _test. _spec. .stories. .d.ts .min.
	-lock. .lock .bak .backup .orig .old mock readme changelog license package.json tsconfig requirements
`)

// likely reports whether a name can be that of a file with settings. It is asked for each name in a folder.
func likely(name string) bool {
	if strings.IndexByte(name, '.') < 0 {
		return plainNames[strings.ToLower(name)] != (syntax{}) || name == "env"
	}
	ext := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	_, ok := formats()[ext]
	return ok || name[0] == '.' || strings.Contains(name, "env")
}

// recognize says how a file is read, and whether it may hold settings.
func recognize(name, folder string) (f file, ok bool) {
	lower := strings.ToLower(name)
	if holdsOne(lower, notSettings) || strings.HasPrefix(lower, "test_") {
		return f, false
	}
	f.base, f.wanted = name, wantedNames.has(lower)
	ext := ""
	if i := strings.LastIndexByte(lower, '.'); i >= 0 {
		ext = lower[i+1:]
	}
	read, known := formats()[ext]
	starts := func(prefix string) bool { return strings.HasPrefix(lower, prefix) }
	isEnv := lower == "env" || starts(".env") || starts(".dev.vars") || starts(".flaskenv") ||
		!known && (starts("env.") || starts(".") && strings.HasPrefix(folder, "."))
	switch {
	case isEnv:
		f.rank, f.syntax = 0, dotenv
	case known:
		f.rank, f.syntax = read.rank, read.syntax
	case plainNames[lower] != (syntax{}):
		f.rank, f.syntax = 3, plainNames[lower]
	default:
		return f, false
	}
	w := words(strings.TrimSuffix(name, "."+ext))
	switch {
	case f.wanted:
		f.rank = 0
	case anyIn(w, likelyWords) && f.rank > 1:
		f.rank--
	case ext == "txt":
		return f, false
	}
	if f.rank > 2 && (folder == "test" || folder == "Tests") {
		return f, false
	}
	f.env, f.familyIs = familyOf(lower, ext, isEnv)
	return f, true
}

// familyOf splits a file's name into the environment that it speaks of and what it has in common with its family:
// .env.production and .env, appsettings.Development.json and appsettings.json, prod.tfvars and dev.tfvars.
func familyOf(lower, ext string, isEnv bool) (env, family string) {
	if isEnv {
		ext = "env"
	}
	var rest []string
	for _, w := range words(strings.TrimPrefix(lower, ".env")) {
		switch e := environments[w]; {
		case e == "local" && isEnv: // on this machine, whatever the environment
		case e != "" && env == "":
			env = e
		case w != "local" && w != "override" && w != ext && w != "shared" && w != "common" && w != "base":
			rest = append(rest, w)
		}
	}
	switch {
	case isEnv || ext == "env" || ext == "tfvars":
		rest = nil
	case ext == "yml" || ext == "yaml":
		ext = "yaml"
		if anyIn(rest, newSet("configmap secret secrets cm config configs env values")) {
			rest = []string{"manifests"}
		}
	}
	return env, strings.Join(rest, " ") + "." + ext
}

// errTooLarge is a file that is not read.
var errTooLarge = errors.New("too large")

// read returns what is in the file, if it is one and not too large.
func (f file) read() ([]byte, error) {
	info, err := os.Stat(f.path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fs.ErrInvalid
	case info.Size() > largest:
		return nil, errTooLarge
	}
	r, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw := make([]byte, 0, info.Size()+1)
	for {
		n, err := r.Read(raw[len(raw):cap(raw)])
		raw = raw[:len(raw)+n]
		switch {
		case errors.Is(err, io.EOF):
			return raw, nil
		case err != nil:
			return nil, err
		case len(raw) > largest:
			return nil, errTooLarge
		case len(raw) == cap(raw):
			raw = append(raw, 0)[:len(raw)]
		}
	}
}

// mode returns who may do what with the file.
func (f file) mode() (fs.FileMode, bool) {
	info, err := os.Stat(f.path)
	if err != nil {
		return 0, false
	}
	return info.Mode().Perm(), true
}
