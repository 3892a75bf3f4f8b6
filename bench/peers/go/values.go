package main

import (
	"encoding/hex"
	"encoding/json"
	"math/rand"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgtype"
)

// An id, sent to and read from PostgreSQL as its sixteen bytes.
type id [16]byte

func readID(text string) (id, bool) {
	var bytes id
	plain := strings.ReplaceAll(text, "-", "")
	if len(plain) != 32 {
		return bytes, false
	}
	_, err := hex.Decode(bytes[:], []byte(plain))
	return bytes, err == nil
}

// Of version 7.
func newID() id {
	var made id
	millis := uint64(time.Now().UnixMilli())
	for place := 0; place < 6; place++ {
		made[place] = byte(millis >> (40 - 8*place))
	}
	random := rand.Uint64()
	for place := 6; place < 14; place++ {
		made[place] = byte(random >> (8 * (place - 6)))
	}
	more := rand.Uint32()
	made[14], made[15] = byte(more), byte(more>>8)
	made[6], made[8] = made[6]&0x0f|0x70, made[8]&0x3f|0x80
	return made
}

func (i id) String() string { return string(i.append(nil)) }

func (i id) append(text []byte) []byte {
	const digits = "0123456789abcdef"
	for place, value := range i {
		if place == 4 || place == 6 || place == 8 || place == 10 {
			text = append(text, '-')
		}
		text = append(text, digits[value>>4], digits[value&15])
	}
	return text
}

func (i id) EncodeBinary(_ *pgtype.ConnInfo, buffer []byte) ([]byte, error) {
	return append(buffer, i[:]...), nil
}

func (i *id) DecodeBinary(_ *pgtype.ConnInfo, source []byte) error {
	copy(i[:], source)
	return nil
}

type row struct {
	id, owner          id
	title, status      string
	description, scope *string
	rate               *int64
	version            int64
	created, updated   time.Time
}

func (r *row) places() []interface{} {
	return []interface{}{
		&r.id, &r.owner, &r.title, &r.description, &r.scope, &r.rate, &r.status, &r.version, &r.created, &r.updated,
	}
}

// A gig as the jobs service writes it.
func (r *row) write(text []byte) []byte {
	text = r.id.append(append(text, `{"id":"`...))
	text = r.owner.append(append(text, `","owner_user_id":"`...))
	text = appendText(append(text, `","title":`...), &r.title)
	text = appendText(append(text, `,"description":`...), r.description)
	text = appendText(append(text, `,"scope":`...), r.scope)
	text = append(text, `,"rate_cents":`...)
	if r.rate == nil {
		text = append(text, "null"...)
	} else {
		text = strconv.AppendInt(text, *r.rate, 10)
	}
	text = appendText(append(text, `,"status":`...), &r.status)
	text = appendMoment(append(text, `,"created_at":`...), r.created)
	text = appendMoment(append(text, `,"updated_at":`...), r.updated)
	text = append(text, `,"next_actions":[{"action":"apply","method":"POST","href":"/api/gigs/`...)
	text = r.id.append(text)
	return append(text, `/apply","by":["worker"],"deadline":null,"body":{"message":"I have written two of them."}}]}`...)
}

func writeApplication(text []byte, application, gig, worker id, message string, now time.Time) []byte {
	text = application.append(append(text, `{"id":"`...))
	text = gig.append(append(text, `","gig_id":"`...))
	text = worker.append(append(text, `","worker_user_id":"`...))
	text = appendText(append(text, `","message":`...), &message)
	text = appendMoment(append(text, `,"status":"applied","created_at":`...), now)
	text = appendMoment(append(text, `,"updated_at":`...), now)
	text = append(text, `,"next_actions":[`...)
	for _, action := range [][2]string{{"shortlist", "shortlisted"}, {"reject", "rejected"}} {
		text = append(append(append(text, `{"action":"`...), action[0]...), `","method":"PATCH","href":"/api/gigs/`...)
		text = application.append(append(gig.append(text), "/applications/"...))
		text = append(append(text, `","by":["client"],"deadline":null,"body":{"status":"`...), action[1]...)
		text = append(text, `"}},`...)
	}
	text = append(text, `{"action":"withdraw","method":"DELETE","href":"/api/applications/`...)
	return append(application.append(text), `","by":["worker"],"deadline":null,"body":null}]}`...)
}

// A JSON string. Almost none needs escaping; encoding/json writes those that do.
func appendText(text []byte, value *string) []byte {
	if value == nil {
		return append(text, "null"...)
	}
	for _, letter := range []byte(*value) {
		if letter < 0x20 || letter == '"' || letter == '\\' {
			escaped, _ := json.Marshal(*value)
			return append(text, escaped...)
		}
	}
	return append(append(append(text, '"'), *value...), '"')
}

func appendMoment(text []byte, moment time.Time) []byte {
	form := `"2006-01-02T15:04:05Z"`
	if moment.Nanosecond() != 0 {
		form = `"2006-01-02T15:04:05.000000Z"`
	}
	return moment.UTC().AppendFormat(text, form)
}

// A cursor: the moment in base 36, in microseconds since 1970, and the id.
func readPlace(text string) (time.Time, id, bool) {
	parts := strings.SplitN(text, "-", 2)
	if len(parts) != 2 {
		return time.Time{}, id{}, false
	}
	micros, err := strconv.ParseInt(parts[0], 36, 64)
	after, ok := readID(parts[1])
	return time.UnixMicro(micros).UTC(), after, ok && err == nil
}

func appendPlace(text []byte, moment time.Time, last id) []byte {
	text = strconv.AppendInt(append(text, '"'), moment.UnixMicro(), 36)
	text = append(text, '-')
	for _, value := range last {
		text = append(text, "0123456789abcdef"[value>>4], "0123456789abcdef"[value&15])
	}
	return append(text, '"')
}
