// The three requests of bench/run on net/http and pgx: one gig, twenty gigs, and an application with its outbox row. The same
// statements, the same JSON, the same durability. No credential is checked, and nothing is counted or logged. Besides an answer
// without anything, for bench/ladder.
//
// DATABASE_URL, PORT and WORKER (whose applications they are) come from the environment.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

const get = `SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
  FROM gigs WHERE id = $1 AND gigs.flow = 'milestone_capture'`

const list = `SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
  FROM (SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at FROM gigs
         WHERE status = 'active' AND gigs.flow = 'milestone_capture' AND (created_at, id) < ($1, $2)
         ORDER BY created_at DESC, id DESC LIMIT 101) AS longest
 ORDER BY created_at DESC, id DESC LIMIT $3`

const apply = `WITH gig AS (SELECT id, owner_id, title, status FROM gigs WHERE id = $2
                AND gigs.flow = 'milestone_capture' FOR SHARE),
made AS (
    INSERT INTO applications (id, gig_id, worker_id, message, status, version, created_at, updated_at)
    SELECT $1, gig.id, $3, $4, 'applied', 1, $5, $5 FROM gig WHERE gig.status = 'active' AND gig.owner_id <> $3
    ON CONFLICT ON CONSTRAINT one_application_per_worker DO NOTHING
    RETURNING id
),
announced AS (
    INSERT INTO outbox (id, aggregate, sequence, name, recipients, data, request_id, created_at, destination)
    SELECT $6::uuid, $1::uuid, 1, 'gig.application.created', gig.owner_id || ARRAY[$3::uuid],
           (left($7::text, -1) || ',' || to_json('gig_title'::text) || ':' || to_json(gig.title) || '}')::json, $8::text,
           $5::timestamptz, unnest(ARRAY['notifications'])
      FROM made, gig
)
SELECT gig.owner_id, gig.status, EXISTS (SELECT FROM made) AS is_made FROM gig`

type peer struct {
	reads, writes *pgxpool.Pool
	worker        id
}

func pool(connections int32) *pgxpool.Pool {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns, config.MinConns = connections, connections
	opened, err := pgxpool.ConnectConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	return opened
}

func main() {
	worker, ok := readID(os.Getenv("WORKER"))
	if !ok {
		log.Fatal("WORKER is no id")
	}
	// pgx has one statement at a time on a connection, so it needs more of them.
	peer := &peer{reads: pool(8), writes: pool(16), worker: worker}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), peer))
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/health/live" {
		answer(w, http.StatusOK, []byte(`{"ok":true}`), false)
		return
	}
	rest := strings.TrimPrefix(r.URL.Path, "/api/gigs")
	if r.Method == http.MethodGet && rest == "" {
		p.list(w, r)
		return
	}
	parts := strings.Split(strings.TrimPrefix(rest, "/"), "/")
	gig, ok := readID(parts[0])
	switch {
	case ok && r.Method == http.MethodGet && len(parts) == 1:
		p.get(w, r, gig)
	case ok && r.Method == http.MethodPost && len(parts) == 2 && parts[1] == "apply":
		p.apply(w, r, gig)
	default:
		refuse(w, http.StatusNotFound)
	}
}

func (p *peer) get(w http.ResponseWriter, r *http.Request, gig id) {
	var found row
	err := p.reads.QueryRow(r.Context(), get, gig).Scan(found.places()...)
	switch {
	case err == pgx.ErrNoRows:
		refuse(w, http.StatusNotFound)
	case err != nil:
		refuse(w, http.StatusInternalServerError)
	default:
		answer(w, http.StatusOK, found.write(make([]byte, 0, 1024)), true)
	}
}

func (p *peer) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	moment, after, ok := readPlace(query.Get("cursor"))
	if err != nil || !ok {
		refuse(w, http.StatusBadRequest)
		return
	}
	rows, err := p.reads.Query(r.Context(), list, moment, after, limit+1)
	if err != nil {
		refuse(w, http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	var last row
	text, count := append(make([]byte, 0, 16*1024), `{"gigs":[`...), 0
	for rows.Next() {
		if count == limit {
			count++
			break
		}
		if count > 0 {
			text = append(text, ',')
		}
		if rows.Scan(last.places()...) != nil {
			refuse(w, http.StatusInternalServerError)
			return
		}
		text = last.write(text)
		count++
	}
	text = append(text, `],"next_cursor":`...)
	if count > limit {
		text = appendPlace(text, last.created, last.id)
	} else {
		text = append(text, "null"...)
	}
	answer(w, http.StatusOK, append(text, '}'), false)
}

func (p *peer) apply(w http.ResponseWriter, r *http.Request, gig id) {
	body, err := io.ReadAll(r.Body)
	var input struct {
		Message string `json:"message"`
	}
	if err != nil || json.Unmarshal(body, &input) != nil {
		refuse(w, http.StatusBadRequest)
		return
	}
	application, event, now := newID(), newID(), time.Now().UTC().Truncate(time.Microsecond)
	text := writeApplication(make([]byte, 0, 1024), application, gig, p.worker, input.Message, now)
	var owner id
	var status string
	var isMade bool
	err = p.writes.QueryRow(
		r.Context(), apply, application, gig, p.worker, input.Message, now, event, string(text), newID().String(),
	).Scan(&owner, &status, &isMade)
	switch {
	case err == pgx.ErrNoRows:
		refuse(w, http.StatusNotFound)
	case err != nil:
		refuse(w, http.StatusInternalServerError)
	case isMade:
		answer(w, http.StatusCreated, text, true)
	default:
		refuse(w, http.StatusConflict)
	}
}

func answer(w http.ResponseWriter, status int, text []byte, hasVersion bool) {
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Request-Id", newID().String())
	header.Set("Content-Length", strconv.Itoa(len(text)))
	if hasVersion {
		header.Set("ETag", `"v1"`)
	}
	w.WriteHeader(status)
	// The caller is gone when this fails.
	_, _ = w.Write(text)
}

func refuse(w http.ResponseWriter, status int) {
	answer(w, status, []byte(fmt.Sprintf(`{"message":%q}`, http.StatusText(status))), false)
}
