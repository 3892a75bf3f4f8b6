//! The three requests of bench/run on hyper and tokio-postgres: one gig, twenty gigs, and an application with its outbox row.
//! The same statements, the same JSON, the same durability. No credential is checked, and nothing is counted or logged. Besides
//! an answer without anything, for bench/ladder.
//!
//! DATABASE_URL, PORT and WORKER (whose applications they are) come from the environment.

mod json;
mod values;

use hyper::service::{make_service_fn, service_fn};
use hyper::{Body, Method, Request, Response, StatusCode};
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls, Row, Statement};
use values::{Id, Moment};

const GET: &str = "SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
  FROM gigs WHERE id = $1 AND gigs.flow = 'milestone_capture'";
const LIST: &str = "SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
  FROM (SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at FROM gigs
         WHERE status = 'active' AND gigs.flow = 'milestone_capture' AND (created_at, id) < ($1, $2)
         ORDER BY created_at DESC, id DESC LIMIT 101) AS longest
 ORDER BY created_at DESC, id DESC LIMIT $3";
const APPLY: &str = "WITH gig AS (SELECT id, owner_id, title, status FROM gigs WHERE id = $2
                AND gigs.flow = 'milestone_capture' FOR SHARE),
made AS (
    INSERT INTO applications (id, gig_id, worker_id, message, status, version, created_at, updated_at)
    SELECT $1, gig.id, $3, $4, 'applied', 1, $5, $5 FROM gig WHERE gig.status = 'active' AND gig.owner_id <> $3
    ON CONFLICT ON CONSTRAINT one_application_per_worker DO NOTHING
    RETURNING id
),
announced AS (
    INSERT INTO outbox (id, aggregate, sequence, name, recipients, data, request_id, created_at, destination)
    SELECT $6, $1, 1, 'gig.application.created', gig.owner_id || ARRAY[$3::uuid],
           (left($7, -1) || ',' || to_json('gig_title'::text) || ':' || to_json(gig.title) || '}')::json, $8, $5,
           unnest(ARRAY['notifications'])
      FROM made, gig
)
SELECT gig.owner_id, gig.status, EXISTS (SELECT FROM made) AS is_made FROM gig";

/// A connection with its prepared statements. Statements that are asked for together share its pipeline.
struct Connection {
    client: Client,
    get: Statement,
    list: Statement,
    apply: Statement,
}

struct Peer {
    connections: Vec<Connection>,
    next: AtomicUsize,
    worker: Id,
}

impl Peer {
    async fn new() -> Result<Peer, Box<dyn std::error::Error>> {
        let url = std::env::var("DATABASE_URL")?;
        let mut connections = Vec::new();
        for _ in 0..8 {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
            tokio::spawn(connection);
            let get = client.prepare(GET).await?;
            let list = client.prepare(LIST).await?;
            let uuid = Type::UUID;
            let apply = client
                .prepare_typed(
                    APPLY,
                    &[uuid.clone(), uuid.clone(), uuid.clone(), Type::TEXT, Type::TIMESTAMPTZ, uuid, Type::TEXT, Type::TEXT],
                )
                .await?;
            connections.push(Connection { client, get, list, apply });
        }
        let worker = Id::read(&std::env::var("WORKER")?).ok_or("WORKER is no id")?;
        Ok(Peer { connections, next: AtomicUsize::new(0), worker })
    }

    /// Queries share two connections, and each write waits for its commit on one of eight.
    fn connection(&self, among: usize) -> &Connection {
        &self.connections[self.next.fetch_add(1, Ordering::Relaxed) % among]
    }

    async fn respond(&self, request: Request<Body>) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
        let path = request.uri().path();
        if path == "/health/live" {
            return Ok(answer(StatusCode::OK, "{\"ok\":true}".to_string(), false));
        }
        let Some(rest) = path.strip_prefix("/api/gigs") else { return Ok(refusal(StatusCode::NOT_FOUND)) };
        if request.method() == Method::GET && rest.is_empty() {
            return self.list(request.uri().query().unwrap_or("")).await;
        }
        let mut parts = rest.split('/').skip(1);
        let Some(id) = parts.next().and_then(Id::read) else { return Ok(refusal(StatusCode::NOT_FOUND)) };
        match (request.method(), parts.next()) {
            (&Method::GET, None) => self.get(id).await,
            (&Method::POST, Some("apply")) => self.apply(id, request).await,
            _ => Ok(refusal(StatusCode::NOT_FOUND)),
        }
    }

    async fn get(&self, id: Id) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
        let connection = self.connection(2);
        let Some(row) = connection.client.query_opt(&connection.get, &[&id]).await? else {
            return Ok(refusal(StatusCode::NOT_FOUND));
        };
        let mut text = String::with_capacity(1024);
        json::gig(&row, &mut text);
        Ok(answer(StatusCode::OK, text, true))
    }

    async fn list(&self, query: &str) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
        let (mut limit, mut place) = (50i64, (Moment::far(), Id([0xff; 16])));
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "limit" => limit = value.parse()?,
                "cursor" => place = values::place(value).ok_or("the cursor cannot be read")?,
                _ => {}
            }
        }
        let connection = self.connection(2);
        let rows = connection.client.query(&connection.list, &[&place.0, &place.1, &(limit + 1)]).await?;
        let mut text = String::with_capacity(16 * 1024);
        text.push_str("{\"gigs\":[");
        let shown: &[Row] = &rows[..rows.len().min(limit as usize)];
        for (place, row) in shown.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            json::gig(row, &mut text);
        }
        text.push_str("],\"next_cursor\":");
        match shown.last() {
            Some(row) if rows.len() > shown.len() => values::push_place(row.get(8), row.get(0), &mut text),
            _ => text.push_str("null"),
        }
        text.push('}');
        Ok(answer(StatusCode::OK, text, false))
    }

    async fn apply(&self, gig: Id, request: Request<Body>) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
        let body = hyper::body::to_bytes(request.into_body()).await?;
        let input: serde_json::Value = serde_json::from_slice(&body)?;
        let message = input["message"].as_str().ok_or("message is missing")?;
        let (id, event, trace, now) = (Id::new(), Id::new(), Id::new(), Moment::now());
        let mut text = String::with_capacity(1024);
        json::application(id, gig, self.worker, message, now, &mut text);
        let trace = trace.to_string();
        // An event's data is the application.
        let connection = self.connection(8);
        let row = connection
            .client
            .query_opt(&connection.apply, &[&id, &gig, &self.worker, &message, &now, &event, &text, &trace])
            .await?;
        match row {
            None => Ok(refusal(StatusCode::NOT_FOUND)),
            Some(row) if row.get(2) => Ok(answer(StatusCode::CREATED, text, true)),
            Some(_) => Ok(refusal(StatusCode::CONFLICT)),
        }
    }
}

fn answer(status: StatusCode, text: String, has_version: bool) -> Response<Body> {
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json; charset=utf-8")
        .header("cache-control", "no-store")
        .header("x-content-type-options", "nosniff")
        .header("x-request-id", Id::new().to_string());
    if has_version {
        response = response.header("etag", "\"v1\"");
    }
    response.body(Body::from(text)).expect("the headers are right")
}

fn refusal(status: StatusCode) -> Response<Body> {
    answer(status, format!("{{\"message\":\"{status}\"}}"), false)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let peer = Arc::new(Peer::new().await?);
    let port: u16 = std::env::var("PORT")?.parse()?;
    let service = make_service_fn(move |_| {
        let peer = peer.clone();
        async move {
            Ok::<_, Infallible>(service_fn(move |request| {
                let peer = peer.clone();
                async move {
                    Ok::<_, Infallible>(peer.respond(request).await.unwrap_or_else(|_| refusal(StatusCode::BAD_REQUEST)))
                }
            }))
        }
    });
    hyper::Server::bind(&([127, 0, 0, 1], port).into()).tcp_nodelay(true).serve(service).await?;
    Ok(())
}
