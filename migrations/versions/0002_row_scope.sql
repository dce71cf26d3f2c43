-- The row scope (design 3a). Read top to bottom: who sees a case, then what follows from it,
-- then the owner-side functions through which alone that can be changed.

-- ---------------------------------------------------------------- who sees a case
ALTER TABLE case_access ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_access_about_me ON case_access FOR SELECT TO {app}
  USING (user_id = (SELECT ek_user_id()));

ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
-- Permissive: the unit's leader; the unit's coordinators unless restricted; whoever is named, today.
CREATE POLICY cases_read ON cases FOR SELECT TO {app} USING (
  (unit_id = (SELECT ek_unit()) AND (SELECT ek_role()) = 'leder')
  OR (unit_id = (SELECT ek_unit()) AND (SELECT ek_role()) = 'koordinator' AND NOT restricted)
  OR ((SELECT ek_role()) IN ('mentor', 'koordinator', 'leder')
      AND EXISTS (SELECT 1 FROM case_access a
                  WHERE a.case_id = cases.id AND a.kind <> 'barred' AND a.from_day <= (SELECT ek_today())
                    AND (a.to_day IS NULL OR a.to_day >= (SELECT ek_today()))))
);
-- Restrictive: whoever is barred sees nothing, whatever else holds.
CREATE POLICY cases_not_barred ON cases AS RESTRICTIVE FOR SELECT TO {app} USING (
  id NOT IN (SELECT a.case_id FROM case_access a
             WHERE a.kind = 'barred' AND a.from_day <= (SELECT ek_today())
               AND (a.to_day IS NULL OR a.to_day >= (SELECT ek_today())))
);
CREATE POLICY cases_job ON cases FOR SELECT TO {job} USING (true);
CREATE POLICY cases_stat ON cases FOR SELECT TO {stat} USING (true);

-- ---------------------------------------------------------------- what follows from it
-- A citizen is visible through a visible case, or to the one who made it while it has none.
ALTER TABLE citizens ENABLE ROW LEVEL SECURITY;
CREATE POLICY citizens_read ON citizens FOR SELECT TO {app} USING (
  EXISTS (SELECT 1 FROM cases c WHERE c.citizen_id = citizens.id)
  OR (NOT attached AND created_by_id = (SELECT ek_user_id()))
);
CREATE POLICY citizens_add ON citizens FOR INSERT TO {app}
  WITH CHECK (created_by_id = (SELECT ek_user_id()) AND NOT attached AND (SELECT ek_role()) IN ('koordinator', 'leder'));
-- A policy for reading does not bind an UPDATE that reads nothing, so sight is asked for once more.
CREATE POLICY citizens_change ON citizens FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder')
    AND (EXISTS (SELECT 1 FROM cases c WHERE c.citizen_id = citizens.id)
      OR (NOT attached AND created_by_id = (SELECT ek_user_id()))))
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder'));
CREATE POLICY citizens_stat ON citizens FOR SELECT TO {stat} USING (true);

-- The record of a case is read by those who see the case; one's own doings by oneself.
CREATE POLICY audit_events_read ON audit_events FOR SELECT TO {app} USING (
  EXISTS (SELECT 1 FROM cases c WHERE c.id = audit_events.case_id)
  OR EXISTS (SELECT 1 FROM cases c WHERE c.id = ANY (audit_events.listed_case_ids))
);

-- ---------------------------------------------------------------- owner-side functions
-- The same rule once more for the functions below, which run as the owner and so past the policies.
-- A test holds the two, and access.policy, to the same answer.
CREATE FUNCTION ek_case_in_sight(p_case integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM cases c
    WHERE c.id = p_case
      AND ((c.unit_id = ek_unit() AND ek_role() = 'leder')
        OR (c.unit_id = ek_unit() AND ek_role() = 'koordinator' AND NOT c.restricted)
        OR (ek_role() IN ('mentor', 'koordinator', 'leder') AND EXISTS (
              SELECT 1 FROM case_access a WHERE a.case_id = c.id AND a.user_id = ek_user_id() AND a.kind <> 'barred'
                AND a.from_day <= ek_today() AND (a.to_day IS NULL OR a.to_day >= ek_today()))))
      AND NOT EXISTS (
        SELECT 1 FROM case_access a WHERE a.case_id = c.id AND a.user_id = ek_user_id() AND a.kind = 'barred'
          AND a.from_day <= ek_today() AND (a.to_day IS NULL OR a.to_day >= ek_today())))
$$;

CREATE FUNCTION ek_citizen_in_sight(p_citizen integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM cases c WHERE c.citizen_id = p_citizen AND ek_case_in_sight(c.id))
    OR EXISTS (SELECT 1 FROM citizens c WHERE c.id = p_citizen AND NOT c.attached AND c.created_by_id = ek_user_id())
$$;

-- Writing to cases asks the functions, because policies of cases and citizens that named each other would go in a
-- circle. A case is opened on a citizen in sight: on any other it would bring the citizen into sight.
CREATE POLICY cases_open ON cases FOR INSERT TO {app}
  WITH CHECK (unit_id = (SELECT ek_unit()) AND (SELECT ek_role()) IN ('koordinator', 'leder')
    AND ek_citizen_in_sight(citizen_id));
CREATE POLICY cases_change ON cases FOR UPDATE TO {app}
  USING ((SELECT ek_role()) IN ('koordinator', 'leder') AND ek_case_in_sight(id))
  WITH CHECK ((SELECT ek_role()) IN ('koordinator', 'leder'));

CREATE FUNCTION ek_record(p_event text, p_case integer, p_details jsonb, p_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO audit_events (at, event, user_id, system, case_id, details)
  VALUES (p_at, p_event, ek_user_id(), CASE WHEN ek_user_id() IS NULL THEN 'database' END, p_case, p_details)
$$;

-- Who sees a case is decided by the unit's leader, or by a coordinator who sees it.
CREATE FUNCTION ek_require_case_worker(p_case integer) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF ek_role() NOT IN ('koordinator', 'leder') OR ek_role() IS NULL OR NOT ek_case_in_sight(p_case) THEN
    RAISE EXCEPTION 'not a case worker of this case' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Whom a case is given to: somebody who works in its unit today, in one of the roles.
CREATE FUNCTION ek_require_colleague(p_user integer, p_unit integer, p_roles text[]) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM users WHERE id = p_user AND unit_id = p_unit AND active AND role = ANY (p_roles)) THEN
    RAISE EXCEPTION 'user % cannot be given a case of unit %', p_user, p_unit USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Opening a case: take number and id, and write who sees it, before the case itself is inserted.
-- The counter's row lock makes concurrent openings queue, so that no number is used twice or left out.
CREATE FUNCTION ek_reserve_case(p_owner integer, p_restricted boolean, p_members integer[], p_at timestamptz)
RETURNS TABLE (id integer, number text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_year integer := extract(year FROM ek_today());
  v_last integer;
  v_id integer;
BEGIN
  IF ek_role() IS NULL OR ek_role() NOT IN ('koordinator', 'leder') OR ek_unit() IS NULL THEN
    RAISE EXCEPTION 'only a coordinator or leader opens a case' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF p_owner IS NOT NULL THEN
    PERFORM ek_require_colleague(p_owner, ek_unit(), '{koordinator,leder}');
  END IF;
  PERFORM ek_require_colleague(m, ek_unit(), '{mentor,koordinator,leder}') FROM unnest(p_members) m;
  INSERT INTO case_numbers AS n (year, last) VALUES (v_year, 1)
    ON CONFLICT (year) DO UPDATE SET last = n.last + 1 RETURNING n.last INTO v_last;
  v_id := nextval('case_ids');
  IF p_owner IS NOT NULL THEN
    INSERT INTO case_access (case_id, user_id, kind, from_day) VALUES (v_id, p_owner, 'owner', ek_today());
  END IF;
  INSERT INTO case_access (case_id, user_id, kind, from_day)
    SELECT DISTINCT v_id, m, 'member', ek_today()
    FROM unnest(p_members || CASE WHEN p_restricted THEN ARRAY[ek_user_id()] ELSE ARRAY[]::integer[] END) m
    WHERE m IS DISTINCT FROM p_owner;
  PERFORM ek_record('case.opened', v_id, jsonb_build_object('owner', p_owner, 'restricted', p_restricted, 'members', p_members), p_at);
  RETURN QUERY SELECT v_id, v_year || '-' || lpad(v_last::text, greatest(4, length(v_last::text)), '0');
END $$;

CREATE FUNCTION ek_give_access(p_case integer, p_user integer, p_kind text, p_from date, p_to date, p_at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM ek_require_case_worker(p_case);
  IF p_kind NOT IN ('member', 'mentor') THEN
    RAISE EXCEPTION 'access of kind % is not given here', p_kind USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM ek_require_colleague(p_user, (SELECT unit_id FROM cases WHERE id = p_case), '{mentor,koordinator,leder}');
  INSERT INTO case_access (case_id, user_id, kind, from_day, to_day) VALUES (p_case, p_user, p_kind, p_from, p_to);
  PERFORM ek_record('case.access-given', p_case, jsonb_build_object('user', p_user, 'kind', p_kind, 'from', p_from, 'to', p_to), p_at);
END $$;

-- Ends one access, yesterday being its last day. One that has not yet held a day is removed.
CREATE FUNCTION ek_end_access(p_access integer, p_at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_row case_access%ROWTYPE;
BEGIN
  SELECT * INTO v_row FROM case_access WHERE id = p_access AND kind IN ('member', 'mentor') FOR UPDATE;
  IF NOT FOUND OR v_row.to_day < ek_today() THEN
    RETURN;  -- somebody else has ended it
  END IF;
  PERFORM ek_require_case_worker(v_row.case_id);
  IF v_row.from_day >= ek_today() THEN
    DELETE FROM case_access WHERE id = p_access;
  ELSE
    UPDATE case_access SET to_day = ek_today() - 1 WHERE id = p_access AND (to_day IS NULL OR to_day >= ek_today());
  END IF;
  PERFORM ek_record('case.access-ended', v_row.case_id, jsonb_build_object('user', v_row.user_id, 'kind', v_row.kind), p_at);
END $$;

-- The owner is the one who answers for the case; the owner's access follows.
CREATE FUNCTION ek_assign_owner(p_case integer, p_owner integer, p_at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM ek_require_case_worker(p_case);
  PERFORM 1 FROM cases WHERE id = p_case FOR UPDATE;  -- two who choose at once do it one after the other
  IF p_owner IS NOT NULL THEN
    PERFORM ek_require_colleague(p_owner, (SELECT unit_id FROM cases WHERE id = p_case), '{koordinator,leder}');
    IF EXISTS (SELECT 1 FROM case_access WHERE case_id = p_case AND user_id = p_owner AND kind = 'barred'
                 AND from_day <= ek_today() AND (to_day IS NULL OR to_day >= ek_today())) THEN
      RAISE EXCEPTION 'user % is barred from case %', p_owner, p_case USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  DELETE FROM case_access WHERE case_id = p_case AND kind = 'owner' AND from_day >= ek_today();
  UPDATE case_access SET to_day = ek_today() - 1
    WHERE case_id = p_case AND kind = 'owner' AND (to_day IS NULL OR to_day >= ek_today());
  IF p_owner IS NOT NULL THEN
    INSERT INTO case_access (case_id, user_id, kind, from_day) VALUES (p_case, p_owner, 'owner', ek_today());
  END IF;
  UPDATE cases SET owner_id = p_owner, version = version + 1 WHERE id = p_case;
  PERFORM ek_record('case.owner-assigned', p_case, jsonb_build_object('owner', p_owner), p_at);
END $$;

-- A change to a citizen stands in the record of each of the citizen's cases, also of those that the changer does not
-- see: their readers see what was changed. How many they are is not told.
CREATE FUNCTION ek_record_citizen_change(p_citizen integer, p_fields text[], p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF ek_role() IS NULL OR ek_role() NOT IN ('koordinator', 'leder') OR NOT ek_citizen_in_sight(p_citizen) THEN
    RAISE EXCEPTION 'not a case worker of this citizen' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO audit_events (at, event, user_id, case_id, subject_type, subject_id, details)
    SELECT p_at, 'citizen.changed', ek_user_id(), id, 'citizen', p_citizen, jsonb_build_object('fields', p_fields)
    FROM cases WHERE citizen_id = p_citizen ORDER BY id;
END $$;

CREATE FUNCTION ek_case_members(p_case integer)
RETURNS TABLE (id integer, user_id integer, kind text, from_day date, to_day date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.user_id, a.kind::text, a.from_day, a.to_day FROM case_access a
  WHERE a.case_id = p_case AND a.kind <> 'barred' AND ek_case_in_sight(p_case)
$$;

-- The one accepted exception to "existence is information": is this CPR number in use, yes or no.
-- Each question is recorded in the asker's name; NULL instead of an answer when too many were answered within the hour.
-- The lock makes one person's questions queue, so that asking in parallel does not outrun the count.
CREATE FUNCTION ek_cpr_taken(p_index bytea, p_at timestamptz, p_most_per_hour integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_answered integer;
  v_taken boolean;
BEGIN
  IF ek_role() IS NULL OR ek_role() NOT IN ('koordinator', 'leder') THEN
    RAISE EXCEPTION 'only a coordinator or leader asks' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ek_cpr_taken'), ek_user_id());
  SELECT count(*) INTO v_answered FROM audit_events
    WHERE user_id = ek_user_id() AND at > p_at - interval '1 hour'
      AND event = 'citizen.cpr-asked' AND details ->> 'taken' IS NOT NULL;
  IF v_answered < p_most_per_hour THEN
    v_taken := EXISTS (SELECT 1 FROM citizens WHERE cpr_index = p_index);
  END IF;
  PERFORM ek_record('citizen.cpr-asked', NULL, jsonb_build_object('taken', v_taken), p_at);
  RETURN v_taken;
END $$;

-- Who in the leader's unit has met a CPR number that is in use out of sight, and when: the mail about it names nobody.
CREATE FUNCTION ek_cpr_met(p_since timestamptz) RETURNS TABLE (at timestamptz, user_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.at, e.user_id FROM audit_events e JOIN users u ON u.id = e.user_id
  WHERE ek_role() = 'leder' AND u.unit_id = ek_unit() AND e.at >= p_since
    AND e.event = 'citizen.cpr-asked' AND e.details ->> 'taken' = 'true'
  ORDER BY e.at DESC LIMIT 50
$$;

-- How many open cases somebody answers for, or a unit has: an administrator, who sees no case, may not close either
-- before others have taken them over.
CREATE FUNCTION ek_open_cases(p_owner integer, p_unit integer) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF ek_role() IS DISTINCT FROM 'administrator' THEN
    RAISE EXCEPTION 'only an administrator asks' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN (SELECT count(*) FROM cases WHERE closed_on IS NULL AND (owner_id = p_owner OR unit_id = p_unit));
END $$;

-- Which citizens have a name with all these codes. It only narrows the search, because the planner may not use the
-- index on the codes ahead of a policy; what the asker sees of the candidates is still decided by the policies.
CREATE FUNCTION ek_name_candidates(p_tokens smallint[], p_active boolean) RETURNS SETOF integer
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = public, pg_temp AS $$
BEGIN
  IF ek_role() IS NULL OR ek_role() NOT IN ('mentor', 'koordinator', 'leder') THEN
    RETURN;  -- nobody else sees any citizen
  END IF;
  IF p_active THEN
    RETURN QUERY SELECT id FROM citizens WHERE in_active_case AND name_tokens @> p_tokens;
  ELSE
    RETURN QUERY SELECT id FROM citizens WHERE name_tokens @> p_tokens;
  END IF;
END $$;

-- The record of one case, newest first: of the given events, or of all of them.
CREATE FUNCTION ek_case_events(p_case integer, p_events text[], p_listed boolean, p_offset integer, p_limit integer)
RETURNS TABLE (id bigint, at timestamptz, event text, user_id integer, system text, basis text, details jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.id, e.at, e.event, e.user_id, e.system, e.basis, e.details FROM (
    (SELECT * FROM audit_events WHERE case_id = p_case AND (p_events IS NULL OR event = ANY (p_events))
      ORDER BY at DESC, id DESC LIMIT p_offset + p_limit)
    UNION ALL
    (SELECT * FROM audit_events WHERE p_listed AND listed_case_ids @> ARRAY[p_case]::bigint[]
        AND (p_events IS NULL OR event = ANY (p_events))
      ORDER BY at DESC, id DESC LIMIT p_offset + p_limit)
  ) e
  WHERE ek_case_in_sight(p_case)
  ORDER BY e.at DESC, e.id DESC LIMIT p_limit OFFSET p_offset
$$;

-- A citizen knows whether any case was ever opened, and whether one is open now; the index of names in use follows it.
CREATE FUNCTION ek_attach_citizen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE citizens SET attached = true,
      in_active_case = EXISTS (SELECT 1 FROM cases c WHERE c.citizen_id = NEW.citizen_id AND c.status = 'aktiv')
    WHERE id = NEW.citizen_id;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_attach_citizen AFTER INSERT OR UPDATE OF status ON cases
  FOR EACH ROW EXECUTE FUNCTION ek_attach_citizen();

-- ---------------------------------------------------------------- grants
REVOKE ALL ON FUNCTION ek_case_in_sight(integer), ek_citizen_in_sight(integer), ek_record(text, integer, jsonb, timestamptz), ek_require_case_worker(integer),
  ek_require_colleague(integer, integer, text[]), ek_reserve_case(integer, boolean, integer[], timestamptz), ek_give_access(integer, integer, text, date, date, timestamptz),
  ek_end_access(integer, timestamptz), ek_assign_owner(integer, integer, timestamptz), ek_record_citizen_change(integer, text[], timestamptz), ek_case_members(integer),
  ek_cpr_taken(bytea, timestamptz, integer), ek_name_candidates(smallint[], boolean),
  ek_case_events(integer, text[], boolean, integer, integer), ek_open_cases(integer, integer), ek_cpr_met(timestamptz),
  ek_attach_citizen() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ek_case_in_sight(integer), ek_citizen_in_sight(integer), ek_reserve_case(integer, boolean, integer[], timestamptz),
  ek_give_access(integer, integer, text, date, date, timestamptz), ek_end_access(integer, timestamptz),
  ek_assign_owner(integer, integer, timestamptz), ek_record_citizen_change(integer, text[], timestamptz), ek_case_members(integer),
  ek_cpr_taken(bytea, timestamptz, integer), ek_name_candidates(smallint[], boolean),
  ek_case_events(integer, text[], boolean, integer, integer),
  ek_open_cases(integer, integer), ek_cpr_met(timestamptz) TO {app};

GRANT SELECT, INSERT ON bydele, schools TO {app};
GRANT UPDATE (name, active, version) ON bydele TO {app};
GRANT UPDATE (name, bydel_id, active, version) ON schools TO {app};
GRANT SELECT ON bydele, schools TO {stat};
ALTER TABLE bydele ENABLE ROW LEVEL SECURITY;
ALTER TABLE schools ENABLE ROW LEVEL SECURITY;
CREATE POLICY bydele_read ON bydele FOR SELECT TO {app}, {stat} USING (true);
CREATE POLICY schools_read ON schools FOR SELECT TO {app}, {stat} USING (true);
CREATE POLICY bydele_write ON bydele FOR ALL TO {app}
  USING ((SELECT ek_role()) = 'administrator') WITH CHECK ((SELECT ek_role()) = 'administrator');
CREATE POLICY schools_write ON schools FOR ALL TO {app}
  USING ((SELECT ek_role()) = 'administrator') WITH CHECK ((SELECT ek_role()) = 'administrator');

GRANT SELECT ON case_access TO {app};
GRANT SELECT, INSERT ON citizens TO {app};
GRANT UPDATE (name, name_tokens, sex, address_protection, bydel_id, school_id, version) ON citizens TO {app};
GRANT SELECT (id, birth_month, sex, bydel_id, school_id) ON citizens TO {stat};
GRANT SELECT, INSERT ON cases TO {app};
GRANT UPDATE (niveau, status, referrer, concern, closed_on, version) ON cases TO {app};
GRANT SELECT (id, number, unit_id, owner_id, restricted, status) ON cases TO {job};
GRANT SELECT (id, citizen_id, unit_id, niveau, opened_niveau, status, referrer, opened_on, closed_on) ON cases TO {stat};
