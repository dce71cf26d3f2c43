-- Who sees handovers, reviews and imports; and what an import asks of the owner's side, for many rows at once.

-- ---------------------------------------------------------------- handovers and reviews hang on a case
ALTER TABLE handovers ENABLE ROW LEVEL SECURITY;
CREATE POLICY handovers_read ON handovers FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = handovers.case_id));
CREATE POLICY handovers_add ON handovers FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder') AND by_id = (SELECT ek_user_id())
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = handovers.case_id));

ALTER TABLE case_reviews ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_reviews_read ON case_reviews FOR SELECT TO {app}
  USING (EXISTS (SELECT 1 FROM cases WHERE cases.id = case_reviews.case_id));
CREATE POLICY case_reviews_add ON case_reviews FOR INSERT TO {app}
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder') AND by_id = (SELECT ek_user_id())
    AND EXISTS (SELECT 1 FROM cases WHERE cases.id = case_reviews.case_id));

-- What was written stays as it was written.
GRANT SELECT, INSERT ON handovers, case_reviews TO {app};

-- ---------------------------------------------------------------- an import is its maker's alone
ALTER TABLE import_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_jobs_own ON import_jobs FOR ALL TO {app}
  USING (by_id = (SELECT ek_user_id()) AND (SELECT ek_role()) IN ('koordinator', 'leder'))
  WITH CHECK (by_id = (SELECT ek_user_id()) AND (SELECT ek_role()) IN ('koordinator', 'leder'));
ALTER TABLE import_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_rows_own ON import_rows FOR ALL TO {app}
  USING (job_id IN (SELECT id FROM import_jobs)) WITH CHECK (job_id IN (SELECT id FROM import_jobs));
GRANT SELECT, INSERT, DELETE ON import_jobs, import_rows TO {app};
GRANT UPDATE (state, mode, rows_bad, rows_done, seen_at, finished_at) ON import_jobs TO {app};
GRANT UPDATE (problem) ON import_rows TO {app};

-- The nightly job forgets them without reading what they hold.
CREATE POLICY import_jobs_forget ON import_jobs FOR ALL TO {job} USING (true);
GRANT SELECT (created_at), DELETE ON import_jobs TO {job};

-- ---------------------------------------------------------------- what was done in several cases, for the review list
-- By event: how often since the instant that is given with the case, and when last at all; some events are left out.
CREATE FUNCTION ek_case_doings(p_cases integer[], p_since timestamptz[], p_but text[])
RETURNS TABLE (case_id integer, event text, times integer, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT asked.case_id, e.event::text, count(*) FILTER (WHERE e.at >= asked.since)::integer, max(e.at)
  FROM (SELECT * FROM unnest(p_cases, p_since) AS each (case_id, since)) asked
  JOIN audit_events e ON e.case_id = asked.case_id
  WHERE e.event <> ALL (p_but) AND ek_case_in_sight(asked.case_id)
    -- A relation to somebody out of sight is nothing that was done (0007_row_scope.sql).
    AND (e.subject_type IS DISTINCT FROM 'relation' OR ek_relation_in_sight(e.subject_id))
  GROUP BY asked.case_id, e.event
$$;

-- ---------------------------------------------------------------- many cases at once
-- As ek_reserve_case, for an import: each of the cases names its year, owner, members and whether it is restricted.
-- The counters' row locks make concurrent openings queue.
CREATE FUNCTION ek_reserve_cases(p_cases jsonb, p_at timestamptz)
RETURNS TABLE (place integer, id integer, number text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF ek_role() IS NULL OR ek_role() NOT IN ('koordinator', 'leder') OR ek_unit() IS NULL THEN
    RAISE EXCEPTION 'only a coordinator or leader opens a case' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM ek_require_colleague(o.owner, ek_unit(), '{koordinator,leder}')
    FROM (SELECT DISTINCT (c ->> 'owner')::integer AS owner FROM jsonb_array_elements(p_cases) c) o
    WHERE o.owner IS NOT NULL;
  PERFORM ek_require_colleague(m.member, ek_unit(), '{mentor,koordinator,leder}')
    FROM (SELECT DISTINCT (e #>> '{}')::integer AS member
          FROM jsonb_array_elements(p_cases) c, jsonb_array_elements(c -> 'members') e) m;

  RETURN QUERY
  WITH asked AS (
    SELECT a.place::integer AS place, (a.c ->> 'year')::integer AS year, (a.c ->> 'owner')::integer AS owner,
      (a.c ->> 'restricted')::boolean AS restricted,
      ARRAY(SELECT (e #>> '{}')::integer FROM jsonb_array_elements(a.c -> 'members') e) AS members
    FROM jsonb_array_elements(p_cases) WITH ORDINALITY AS a (c, place)
  ), counted AS (
    SELECT asked.year, count(*)::integer AS many FROM asked GROUP BY asked.year ORDER BY asked.year
  ), counters AS (
    INSERT INTO case_numbers AS n (year, last) SELECT counted.year, counted.many FROM counted
      ON CONFLICT (year) DO UPDATE SET last = n.last + EXCLUDED.last RETURNING n.year, n.last
  ), numbered AS (
    SELECT asked.*, nextval('case_ids')::integer AS case_id,
      counters.last - counted.many + row_number() OVER (PARTITION BY asked.year ORDER BY asked.place) AS digit
    FROM asked JOIN counted USING (year) JOIN counters USING (year)
  ), owned AS (
    INSERT INTO case_access (case_id, user_id, kind, from_day)
      SELECT n.case_id, n.owner, 'owner', ek_today() FROM numbered n WHERE n.owner IS NOT NULL
  ), named AS (
    INSERT INTO case_access (case_id, user_id, kind, from_day)
      SELECT DISTINCT n.case_id, m, 'member', ek_today()
      FROM numbered n,
        unnest(n.members || CASE WHEN n.restricted THEN ARRAY[ek_user_id()::integer] ELSE ARRAY[]::integer[] END) m
      WHERE m IS DISTINCT FROM n.owner
  ), recorded AS (
    INSERT INTO audit_events (at, event, user_id, case_id, details)
      SELECT p_at, 'case.opened', ek_user_id(), n.case_id,
        jsonb_build_object('owner', n.owner, 'restricted', n.restricted, 'members', n.members)
      FROM numbered n ORDER BY n.place
  )
  SELECT n.place, n.case_id, n.year || '-' || lpad(n.digit::text, greatest(4, length(n.digit::text)), '0')
  FROM numbered n ORDER BY n.place;
END $$;

-- Which of many CPR numbers are in use out of the asker's sight: the same exception to "existence is information" as
-- ek_cpr_taken, and under the same hourly limit. Each number that is met is recorded as a question of its own; NULL
-- when they are too many.
CREATE FUNCTION ek_cprs_taken(p_indexes bytea[], p_at timestamptz, p_most_per_hour integer) RETURNS bytea[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_answered integer;
  v_taken bytea[];
BEGIN
  IF ek_role() IS NULL OR ek_role() NOT IN ('koordinator', 'leder') THEN
    RAISE EXCEPTION 'only a coordinator or leader asks' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ek_cpr_taken'), ek_user_id());
  v_taken := ARRAY(
    SELECT c.cpr_index FROM citizens c WHERE c.cpr_index = ANY (p_indexes) AND NOT ek_citizen_in_sight(c.id)
    UNION
    SELECT f.former_index FROM citizen_cpr_changes f
      WHERE f.former_index = ANY (p_indexes) AND NOT ek_citizen_in_sight(f.citizen_id));
  IF cardinality(v_taken) = 0 THEN
    RETURN v_taken;
  END IF;
  SELECT count(*) INTO v_answered FROM audit_events
    WHERE user_id = ek_user_id() AND at > p_at - interval '1 hour'
      AND event = 'citizen.cpr-asked' AND details ->> 'taken' IS NOT NULL;
  IF v_answered + cardinality(v_taken) > p_most_per_hour THEN
    PERFORM ek_record('citizen.cpr-asked', NULL, jsonb_build_object('taken', NULL), p_at);
    RETURN NULL;
  END IF;
  PERFORM ek_record('citizen.cpr-asked', NULL, jsonb_build_object('taken', true), p_at) FROM unnest(v_taken);
  RETURN v_taken;
END $$;

REVOKE ALL ON FUNCTION ek_case_doings(integer[], timestamptz[], text[]), ek_reserve_cases(jsonb, timestamptz),
  ek_cprs_taken(bytea[], timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ek_case_doings(integer[], timestamptz[], text[]), ek_reserve_cases(jsonb, timestamptz),
  ek_cprs_taken(bytea[], timestamptz, integer) TO {app};
