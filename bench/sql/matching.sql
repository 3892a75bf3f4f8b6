-- A market of :people people and :companies companies, numbered on from 1, with two gigs for each company. Skills come from specialities, and a
-- third of them from what is popular everywhere.
SET session_replication_role = replica;
SET work_mem = '256MB';
CREATE FUNCTION pg_temp.account(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$ SELECT md5('market' || n)::uuid $$;
SELECT setseed(0.5);

CREATE TEMP TABLE names AS
SELECT row_number() OVER (ORDER BY skill) - 1 AS place, skill
  FROM (SELECT skill FROM near_skills UNION SELECT near FROM near_skills) AS known;
CREATE TEMP TABLE picked AS
SELECT n, work, skill, (ARRAY['expert', 'advanced', 'intermediate', 'beginner', NULL])[1 + floor(5 * random())::int] AS level
  FROM (SELECT DISTINCT n, work, CASE WHEN random() < 0.33 THEN floor(300 * random() ^ 3)::int
                                      ELSE (n * 7 % 60 * 5 + floor(12 * random())::int) % 300 END AS place
          FROM (SELECT n, 0 AS work FROM generate_series(1, :people) AS n, generate_series(1, 8)
                 UNION ALL
                SELECT :people + n, work FROM generate_series(1, :companies) AS n, generate_series(1, 2) AS work,
                       generate_series(1, 5)) AS wanted) AS places
  JOIN names USING (place);

CREATE TEMP TABLE people AS
SELECT n, pg_temp.account(n) AS id, skills, facts, rated, floor(15 * random())::int AS years, floor(60 * random() ^ 2)::int AS city,
       random() < 0.5 AS is_remote
  FROM (SELECT n, array_agg(skill) AS skills, jsonb_agg(jsonb_build_object('name', skill, 'level', level)) AS facts,
               jsonb_agg(jsonb_build_object('key', skill, 'name', skill, 'strength', CASE level
                   WHEN 'expert' THEN 100 WHEN 'advanced' THEN 85 WHEN 'intermediate' THEN 75 ELSE 50 END)) AS rated
          FROM picked WHERE work = 0 GROUP BY n) AS skilled;
INSERT INTO profiles (user_id, display_name, title, skills, skill_facts, skill_forms, user_type, created_at, updated_at)
SELECT id, 'Somebody ' || n, 'Developer', skills, facts, skills, 'freelancer', timestamptz '2026-01-01Z' + n * interval '1 second',
       timestamptz '2026-01-01Z'
  FROM people ORDER BY n;
INSERT INTO talent_features (user_id, location, remote_work, experience_years)
SELECT id, 'City ' || city || ', Country ' || city % 8, is_remote, years FROM people ORDER BY n;
INSERT INTO match_features (user_id, side, features, position)
SELECT id, 'freelancer',
       jsonb_build_object(
           'skills', rated, 'years', years, 'role_types', '[]'::jsonb, 'company_sizes', '[]'::jsonb, 'industries', '[]'::jsonb,
           'place', jsonb_strip_nulls(jsonb_build_object(
               'city', 'city ' || city, 'country', 'country ' || city % 8, 'is_remote', CASE WHEN is_remote THEN true END))),
       nextval('match_positions')
  FROM people ORDER BY n;
INSERT INTO profile_skills (skill, created_at, user_id)
SELECT skill, timestamptz '2026-01-01Z' + n * interval '1 second', pg_temp.account(n) FROM picked WHERE work = 0;

CREATE TEMP TABLE offers AS
SELECT n, md5(n || 'gig' || work)::uuid AS id, jsonb_strip_nulls(jsonb_build_object(
           'gig_id', md5(n || 'gig' || work)::uuid, 'title', 'Work ' || work, 'needs', needs, 'years', floor(12 * random())::int,
           'is_remote', CASE WHEN random() < 0.4 THEN true END)) AS offer
  FROM (SELECT n, work, jsonb_agg(jsonb_build_object('key', skill, 'name', skill)) AS needs
          FROM picked WHERE work > 0 GROUP BY n, work) AS needed;
INSERT INTO match_gigs (gig_id, owner_id, sequence, is_open, offer) SELECT id, pg_temp.account(n), 1, true, offer FROM offers;
CREATE TEMP TABLE companies AS
SELECT n, pg_temp.account(n) AS id, floor(60 * random() ^ 2)::int AS city, jsonb_agg(offer) AS offers FROM offers GROUP BY n;
INSERT INTO profiles (user_id, display_name, title, user_type, created_at, updated_at)
SELECT id, 'Company ' || n, 'Company', 'client', timestamptz '2026-01-01Z' + n * interval '1 second', timestamptz '2026-01-01Z'
  FROM companies ORDER BY n;
INSERT INTO talent_features (user_id, location) SELECT id, 'City ' || city || ', Country ' || city % 8 FROM companies ORDER BY n;
INSERT INTO match_features (user_id, side, features, position)
SELECT id, 'client',
       jsonb_build_object(
           'offers', offers, 'role_types', '[]'::jsonb, 'sizes', '[]'::jsonb, 'industries', '[]'::jsonb,
           'place', jsonb_build_object('city', 'city ' || city, 'country', 'country ' || city % 8)),
       nextval('match_positions')
  FROM companies ORDER BY n;
VACUUM (ANALYZE) profiles, talent_features, match_features, profile_skills, match_gigs;
