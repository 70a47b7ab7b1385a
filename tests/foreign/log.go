// log.go - a log directory (docs/formats/log.md), judged by somebody else's code.
//
// Signed notes, tree, tiles and proofs are checked by golang.org/x/mod (sumdb/note, sumdb/tlog), packaged by Debian; of our own there is
// only the cutting of files. Full logs: the tree is made from the bundles, each tile is what tlog makes of it. Partial logs: each entry by
// its proof. Epochs: their older checkpoints are of this tree, or lie in the gap that epoch.opened owns up to.
//
//	log -key VKEY -root SIZE:HEX DIR     VKEY is the newest epoch's
//
// Exit: 0 verified, 1 not, 3 usage.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type point struct {
	size int64
	root tlog.Hash
}

type epoch struct {
	number int64
	key    string
}

type opened struct {
	Epoch     int64  `json:"epoch"`
	Before    int64  `json:"before"`
	Size      int64  `json:"size"`
	KnownSize int64  `json:"known_size"`
	KnownRoot string `json:"known_root"`
	Gap       int64  `json:"gap"`
	LogKey    string `json:"log_key"`
	index     int64
}

type entry struct {
	V    int64           `json:"v"`
	At   *int64          `json:"at"`
	Type string          `json:"type"`
	Note json.RawMessage `json:"note"`
}

// log is what was read: either all hashes, or only what proofs say.
type log struct {
	dir    string
	epochs []epoch
	head   point
	note   []byte
	hashes []tlog.Hash
	opened []opened
	last   int64
	any    bool
}

func (l *log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(l.hashes)) {
			return nil, errors.New("a hash beyond the tree")
		}
		out[i] = l.hashes[x]
	}
	return out, nil
}

func (l *log) read(name string) ([]byte, error) { return os.ReadFile(filepath.Join(l.dir, name)) }

func number(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil && (n < 0 || strconv.FormatInt(n, 10) != s) {
		err = errors.New("not a number: " + s)
	}
	return n, err
}

func (l *log) readIndex() error {
	b, err := l.read("sekisho-log")
	if err != nil {
		return err
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) < 4 || lines[0] != "sekisho-log@v1" || !strings.HasPrefix(lines[1], "install ") || lines[len(lines)-1] != "" {
		return errors.New("sekisho-log: not the expected shape")
	}
	for _, line := range lines[2 : len(lines)-1] {
		f := strings.Split(line, " ")
		if len(f) != 3 || f[0] != "epoch" {
			return errors.New("sekisho-log: " + line)
		}
		n, err := number(f[1])
		if err != nil {
			return err
		}
		v, err := note.NewVerifier(f[2])
		if err != nil {
			return err
		}
		if v.Name() != "sekisho/"+strings.TrimPrefix(lines[1], "install ")+"/"+f[1] || len(l.epochs) > 0 && n <= l.epochs[len(l.epochs)-1].number {
			return errors.New("sekisho-log: " + line)
		}
		l.epochs = append(l.epochs, epoch{n, f[2]})
	}
	return nil
}

// open checks the signature, then reads the three lines it covers.
func open(text []byte, key string) (p point, err error) {
	v, err := note.NewVerifier(key)
	if err != nil {
		return p, err
	}
	n, err := note.Open(text, note.VerifierList(v))
	if err != nil {
		return p, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != v.Name() {
		return p, errors.New("not a checkpoint")
	}
	if p.size, err = number(lines[1]); err != nil {
		return p, err
	}
	p.root, err = tlog.ParseHash(lines[2])
	if err == nil && p.root.String() != lines[2] {
		err = errors.New("a second spelling of a root")
	}
	return p, err
}

// take looks at an entry's own words, in the log's order.
func (l *log) take(index int64, data []byte) error {
	var e entry
	if err := json.Unmarshal(data, &e); err != nil {
		return err
	}
	if e.V != 1 || e.At == nil || e.Type == "" {
		return fmt.Errorf("entry %d is none", index)
	}
	if l.any && *e.At < l.last {
		return fmt.Errorf("entry %d is dated before the one in front of it", index)
	}
	l.any, l.last = true, *e.At
	if e.Type == "epoch.opened" {
		o := opened{index: index}
		if err := json.Unmarshal(e.Note, &o); err != nil {
			return err
		}
		l.opened = append(l.opened, o)
	}
	return nil
}

func tilePath(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(p, "data/", "entries/", 1)
}

func (l *log) readBundles() error {
	for at := int64(0); at < l.head.size; {
		t := tlog.Tile{H: height, L: -1, N: at >> height, W: 1 << height}
		if left := l.head.size - at; left < int64(t.W) {
			t.W = int(left)
		}
		b, err := l.read(tilePath(t))
		if err != nil {
			return err
		}
		for i := 0; i < t.W; i++ {
			if len(b) < 2 || len(b)-2 < int(b[0])<<8|int(b[1]) {
				return errors.New(tilePath(t) + " is too short")
			}
			n := int(b[0])<<8 | int(b[1])
			data := b[2 : 2+n]
			b = b[2+n:]
			if err := l.take(at, data); err != nil {
				return err
			}
			more, err := tlog.StoredHashes(at, data, l)
			if err != nil {
				return err
			}
			l.hashes = append(l.hashes, more...)
			at++
		}
		if len(b) != 0 {
			return errors.New(tilePath(t) + " is too long")
		}
	}
	return nil
}

// compareTiles holds each file against what tlog makes of the tree.
func (l *log) compareTiles() error {
	for level := 0; l.head.size>>(height*level) > 0; level++ {
		have := l.head.size >> (height * level)
		for n := int64(0); n<<height < have; n++ {
			t := tlog.Tile{H: height, L: level, N: n, W: 1 << height}
			if left := have - n<<height; left < int64(t.W) {
				t.W = int(left)
			}
			want, err := tlog.ReadTileData(t, l)
			if err != nil {
				return err
			}
			got, err := l.read(tilePath(t))
			if err != nil {
				return err
			}
			if !bytes.Equal(got, want) {
				return errors.New(tilePath(t) + " is not what the entries say")
			}
		}
	}
	return nil
}

func decode(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, errors.New("a line that is none")
	}
	return base64.StdEncoding.Strict().DecodeString(s)
}

// hashLines takes Base64 hashes up to an empty line; what is left must be the log's checkpoint.
func (l *log) hashLines(text string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for {
		line, rest, ok := strings.Cut(text, "\n")
		if !ok {
			return nil, errors.New("no checkpoint behind the hashes")
		}
		text = rest
		if line == "" {
			break
		}
		b, err := decode(line)
		if err != nil || len(b) != tlog.HashSize {
			return nil, errors.New("not a hash: " + line)
		}
		var h tlog.Hash
		copy(h[:], b)
		out = append(out, h)
	}
	if text != string(l.note) {
		return nil, errors.New("another checkpoint than the log's")
	}
	return out, nil
}

func (l *log) readProof(index int64) error {
	data, err := l.read(fmt.Sprintf("entries/%d.json", index))
	if err != nil {
		return err
	}
	b, err := l.read(fmt.Sprintf("proofs/%d.tlog-proof", index))
	if err != nil {
		return err
	}
	head := fmt.Sprintf("c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n", base64.StdEncoding.EncodeToString(data), index)
	if !strings.HasPrefix(string(b), head) {
		return fmt.Errorf("proof %d is about something else", index)
	}
	hashes, err := l.hashLines(string(b)[len(head):])
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(hashes, l.head.size, l.head.root, index, tlog.RecordHash(data)); err != nil {
		return err
	}
	return l.take(index, data)
}

func (l *log) readSubset(subset []byte) error {
	lines := strings.Split(string(subset), "\n")
	if len(lines) < 3 || lines[0] != "sekisho-subset@v1" || lines[1] != strconv.FormatInt(l.head.size, 10) || lines[len(lines)-1] != "" {
		return errors.New("subset: not the expected shape, or of another size")
	}
	before := int64(-1)
	for _, line := range lines[2 : len(lines)-1] {
		index, err := number(line)
		if err != nil || index <= before || index >= l.head.size {
			return errors.New("subset: " + line)
		}
		if err := l.readProof(index); err != nil {
			return err
		}
		before = index
	}
	return nil
}

// begins says whether p is the beginning of this log.
func (l *log) begins(p point) error {
	if p.size == l.head.size {
		if p.root != l.head.root {
			return errors.New("two roots of one size")
		}
		return nil
	}
	if p.size < 1 || p.size > l.head.size {
		return errors.New("a size that this log does not have")
	}
	if l.hashes != nil {
		root, err := tlog.TreeHash(p.size, l)
		if err == nil && root != p.root {
			err = fmt.Errorf("the first %d entries have another root", p.size)
		}
		return err
	}
	b, err := l.read(fmt.Sprintf("consistency/%d", p.size))
	if err != nil {
		return err
	}
	head := fmt.Sprintf("sekisho-consistency@v1\nfrom %d\n", p.size)
	if !strings.HasPrefix(string(b), head) {
		return errors.New("a consistency file about something else")
	}
	hashes, err := l.hashLines(string(b)[len(head):])
	if err != nil {
		return err
	}
	return tlog.CheckTree(hashes, l.head.size, l.head.root, p.size, p.root)
}

func (l *log) walkEpochs() error {
	if len(l.opened) != len(l.epochs)-1 {
		return fmt.Errorf("%d epochs are opened, %d are listed", len(l.opened)+1, len(l.epochs))
	}
	for i, o := range l.opened {
		if o.Epoch != l.epochs[i+1].number || o.LogKey != l.epochs[i+1].key || o.Size != o.index || o.Gap != o.KnownSize-o.Size || o.Gap < 0 || o.Before != o.Epoch-1 {
			return fmt.Errorf("entry %d opens no epoch", o.index)
		}
		b, err := l.read(fmt.Sprintf("epochs/%d/checkpoint", l.epochs[i].number))
		if err != nil {
			return err
		}
		p, err := open(b, l.epochs[i].key)
		if err != nil {
			return err
		}
		if p.size > o.KnownSize || p.size == o.KnownSize && hex.EncodeToString(p.root[:]) != o.KnownRoot {
			return fmt.Errorf("epoch %d was larger than entry %d owns up to, or another", l.epochs[i].number, o.index)
		}
		if o.Gap > 0 {
			fmt.Printf("gap: %d entries of epoch %d\n", o.Gap, l.epochs[i].number)
		}
		if p.size > o.index {
			continue
		}
		if err := l.begins(p); err != nil {
			return err
		}
	}
	return nil
}

func verify(dir, key, printed string) error {
	l := &log{dir: dir}
	if err := l.readIndex(); err != nil {
		return err
	}
	if l.epochs[len(l.epochs)-1].key != key {
		return errors.New("the newest key is not the one that was typed")
	}
	var err error
	if l.note, err = l.read("checkpoint"); err != nil {
		return err
	}
	if l.head, err = open(l.note, key); err != nil {
		return err
	}
	if subset, e := l.read("subset"); e == nil {
		err = l.readSubset(subset)
	} else if err = l.readBundles(); err == nil {
		err = l.compareTiles()
		if err == nil {
			var root tlog.Hash
			if root, err = tlog.TreeHash(l.head.size, l); err == nil && root != l.head.root {
				err = errors.New("the entries do not lead to the signed root")
			}
		}
	}
	if err != nil {
		return err
	}
	if err = l.walkEpochs(); err != nil {
		return err
	}
	size, root, _ := strings.Cut(printed, ":")
	var p point
	if p.size, err = number(size); err != nil {
		return err
	}
	b, err := hex.DecodeString(root)
	if err != nil || len(b) != tlog.HashSize {
		return errors.New("not a root: " + printed)
	}
	copy(p.root[:], b)
	return l.begins(p)
}

func main() {
	key := flag.String("key", "", "verifier key of the newest epoch")
	root := flag.String("root", "", "SIZE:HEX")
	flag.Parse()
	if flag.NArg() != 1 || *root == "" {
		flag.Usage()
		os.Exit(3)
	}
	if err := verify(flag.Arg(0), *key, *root); err != nil {
		fmt.Println("NOT verified:", err)
		os.Exit(1)
	}
	fmt.Println("verified")
}
