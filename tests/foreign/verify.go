// verify.go - the same evidence, judged by somebody else's code.
//
// The signed note and the Merkle tree are checked by golang.org/x/mod (sumdb/note, sumdb/tlog), packaged by Debian; of our own there
// is only the cutting of lines. Exit: 0 verified, 1 not, 3 usage. It knows one anchor, the printed root, of the proof's own size or
// joined to it by a consistency file; and two checkpoints with a consistency file.
package main

import (
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var errShape = errors.New("not the expected shape")

type point struct {
	size int64
	root tlog.Hash
}

func decode(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, errShape
	}
	return base64.StdEncoding.Strict().DecodeString(s)
}

func hash(s string) (h tlog.Hash, err error) {
	b, err := decode(s)
	if err == nil && len(b) != len(h) {
		err = errShape
	}
	copy(h[:], b)
	return h, err
}

func number(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil && (n < 0 || strconv.FormatInt(n, 10) != s) {
		err = errShape
	}
	return n, err
}

// open checks the signature, then reads the three lines it covers.
func open(text, key string) (p point, err error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return p, err
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return p, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return p, errShape
	}
	if p.size, err = number(lines[1]); err != nil {
		return p, err
	}
	p.root, err = hash(lines[2])
	return p, err
}

// cut takes "word value" and hash lines off the front; what is left is the checkpoint.
func cut(text, word string) (value int64, hashes []tlog.Hash, rest string, err error) {
	line, rest, ok := strings.Cut(text, "\n")
	if !ok || !strings.HasPrefix(line, word) {
		return 0, nil, "", errShape
	}
	if value, err = number(strings.TrimPrefix(line, word)); err != nil {
		return 0, nil, "", err
	}
	for {
		if line, rest, ok = strings.Cut(rest, "\n"); !ok {
			return 0, nil, "", errShape
		}
		if line == "" {
			return value, hashes, rest, nil
		}
		h, err := hash(line)
		if err != nil {
			return 0, nil, "", err
		}
		hashes = append(hashes, h)
	}
}

// joined says whether the tree of `from` is the beginning of that of `to`, by the consistency file.
func joined(path, key string, from, to point) error {
	if from == to {
		return nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, ok := cutPrefixLine(string(b), "sekisho-consistency@v1")
	if !ok {
		return errShape
	}
	size, hashes, rest, err := cut(text, "from ")
	if err != nil {
		return err
	}
	head, err := open(rest, key)
	if err != nil {
		return err
	}
	if size != from.size || head != to {
		return errors.New("the consistency file is about other trees")
	}
	return tlog.CheckTree(hashes, to.size, to.root, from.size, from.root)
}

func verifyEntry(path, key, printed, consistency string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, ok := cutPrefixLine(string(b), "c2sp.org/tlog-proof@v1")
	if !ok {
		return errShape
	}
	extra, text, ok := strings.Cut(text, "\n")
	if !ok || !strings.HasPrefix(extra, "extra ") {
		return errShape
	}
	entry, err := decode(strings.TrimPrefix(extra, "extra "))
	if err != nil {
		return err
	}
	index, hashes, rest, err := cut(text, "index ")
	if err != nil {
		return err
	}
	head, err := open(rest, key)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(hashes, head.size, head.root, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	size, root, _ := strings.Cut(printed, ":")
	var anchor point
	if anchor.size, err = number(size); err != nil {
		return err
	}
	if anchor.root, err = hash(root); err != nil {
		return err
	}
	if anchor.size > head.size {
		return joined(consistency, key, head, anchor)
	}
	return joined(consistency, key, anchor, head)
}

func verifyCheckpoints(old, new, key, consistency string) error {
	var p [2]point
	for i, path := range []string{old, new} {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if p[i], err = open(string(b), key); err != nil {
			return err
		}
	}
	return joined(consistency, key, p[0], p[1])
}

func cutPrefixLine(text, line string) (string, bool) {
	if !strings.HasPrefix(text, line+"\n") {
		return "", false
	}
	return text[len(line)+1:], true
}

func main() {
	key := flag.String("key", "", "verifier key")
	root := flag.String("root", "", "SIZE:BASE64")
	consistency := flag.String("consistency", "", "file")
	two := flag.Bool("checkpoints", false, "compare two checkpoints")
	flag.Parse()
	var err error
	switch {
	case *two && flag.NArg() == 2:
		err = verifyCheckpoints(flag.Arg(0), flag.Arg(1), *key, *consistency)
	case !*two && flag.NArg() == 1 && *root != "":
		err = verifyEntry(flag.Arg(0), *key, *root, *consistency)
	default:
		flag.Usage()
		os.Exit(3)
	}
	if err != nil {
		fmt.Println("NOT verified:", err)
		os.Exit(1)
	}
	fmt.Println("verified")
}
