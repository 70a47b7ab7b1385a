// cosigned.go - cosigned KEY CHECKPOINT LOGKEY: does the witness's line hold, by Go's own Ed25519 and the text of c2sp.org/tlog-cosignature?
//
// x/mod's note package opens the log's signature; it knows nothing of cosignatures, so those few lines are written here a second time.
// Exit: 0 both hold (the time is printed), 1 not, 3 usage.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

func fail(code int, why ...interface{}) {
	fmt.Println(why...)
	os.Exit(code)
}

// key cuts name+id+base64(0x04 ‖ 32).
func key(vkey string) (name string, id, pub []byte) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		fail(3, "not a key")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 33 || raw[0] != 4 {
		fail(3, "not a key of a witness")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	if hex.EncodeToString(sum[:4]) != parts[1] {
		fail(3, "the key's id does not fit")
	}
	return parts[0], sum[:4], raw[1:]
}

func main() {
	if len(os.Args) != 4 {
		fail(3, "cosigned KEY CHECKPOINT LOGKEY")
	}
	name, id, pub := key(os.Args[1])
	file, err := os.ReadFile(os.Args[2])
	if err != nil {
		fail(3, err)
	}
	verifier, err := note.NewVerifier(os.Args[3])
	if err != nil {
		fail(3, err)
	}
	if _, err = note.Open(file, note.VerifierList(verifier)); err != nil {
		fail(1, err)
	}
	at := bytes.LastIndex(file, []byte("\n\n"))
	text, found := string(file[:at+1]), false
	for _, line := range strings.Split(string(file[at+2:]), "\n") {
		if !strings.HasPrefix(line, "\u2014 "+name+" ") {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(line[strings.LastIndex(line, " ")+1:])
		if err != nil || len(raw) != 4+8+64 || !bytes.Equal(raw[:4], id) {
			fail(1, "not a cosignature")
		}
		when := binary.BigEndian.Uint64(raw[4:12])
		if !ed25519.Verify(pub, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", when, text)), raw[12:]) {
			fail(1, "the cosignature does not fit")
		}
		fmt.Println(when)
		found = true
	}
	if !found {
		fail(1, "the witness did not sign")
	}
}
